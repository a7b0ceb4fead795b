// Reads a stream of server-sent events, in whatever pieces it arrives.

/**
 * @param {(name: string, data: string) => void} heard
 * @param {(milliseconds: number) => void} retry called when the server says how long to wait before reconnecting
 * @returns {(piece: string) => void}
 */
export function eventReader(heard, retry) {
  let rest = "";
  let name = "";
  /** @type {string[]} */
  let data = [];

  const line = (text) => {
    if (!text) {
      if (data.length) heard(name, data.join("\n"));
      name = "";
      data = [];
      return;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(text);
    if (field === "data") data.push(value);
    else if (field === "event") name = value;
    else if (field === "retry" && /^\d+$/.test(value)) retry(Number(value));
  };

  return (piece) => {
    // A line break may be torn in two: a last \r waits for what comes next.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    lines.forEach(line);
  };
}
