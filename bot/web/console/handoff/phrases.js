// What is said in every conversation. Nothing about a rule stands here: that comes from the assistant, with its source.

export const PHRASES = [
  ["问好", "您好，我是人工客服，前面的对话我都看到了，接下来由我为您解答。"],
  ["请稍等", "请稍等，我正在核对，马上回复您。"],
  ["问清楚", "为了不答错，想跟您确认一下：您要办的是哪个号码、哪项业务？"],
  ["不要发密码", "请不要在聊天里发送密码、验证码和证件号码，核实身份请到营业厅或在登录后办理。"],
  ["还有别的吗", "请问还有别的问题吗？"],
  ["结束语", "感谢您的咨询。接下来由智能助手继续为您服务，需要人工可以随时再申请。"],
];
