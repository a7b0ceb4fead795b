"""The help widget as one module: how it is put together, how big it is, and how it is served."""

import gzip
import re

import pytest
import yaml

from bot.gateway.bundle import BundleError, bundle, minify_css
from bot.gateway.origins import WIDGETS
from bot.gateway.pages import WEB, widget

MOST_BYTES = 15_000
WORDS = WEB / "widget" / "words.yml"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "main.js"


@pytest.mark.parametrize("language", WIDGETS.values())
def test_the_module_is_small(language):
    assert len(gzip.compress(widget(language)[0], 9)) <= MOST_BYTES


@pytest.mark.parametrize("language", WIDGETS.values())
def test_the_module_loads_nothing_else(language):
    text, packed, _ = widget(language)

    assert gzip.decompress(packed) == text
    assert b"import " not in text.replace(b"import.meta", b"")
    assert b"import(" not in text
    assert b"http://" not in text.replace(b"http://www.w3.org/2000/svg", b"")
    assert b"https://" not in text


@pytest.mark.parametrize(("address", "language"), WIDGETS.items())
async def test_it_is_asked_for_again_but_not_sent_again(client, address, language):
    first = await client.get(address)
    again = await client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.status == 200
    assert first.content_type == "text/javascript"
    assert first.headers["Content-Encoding"] == "gzip"
    assert await first.read() == widget(language)[0]
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize("address", WIDGETS)
async def test_pages_of_other_origins_may_load_it(client, address):
    response = await client.get(address)

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_modules_come_in_the_order_they_need_each_other(tmp_path):
    main = write(
        tmp_path,
        main='import { b } from "./b.js";\nimport { a } from "./a.js";\nb(a);\n',
        a="export const a = 1;\n",
        b='import { a } from "./a.js";\nexport function b() { return a; }\n',
    )

    assert bundle(main) == "(()=>{const e=1;function t(){return e}t(e)})()"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"main": 'import { a } from "./a.js";\nconst x = 1;\n', "a": "export const a = 1;\nconst x = 2;\n"},
            "x is declared",
        ),
        ({"main": 'import { a } from "./a.js";\n', "a": "const b = 1;\n"}, "a.js has no a"),
        ({"main": 'import { a } from "./a.js";\n', "a": 'import { m } from "./main.js";\n'}, "imports itself"),
        ({"main": 'import * as a from "./a.js";\n', "a": ""}, "not understood"),
        ({"main": "export default 1;\n"}, "not understood"),
        ({"main": "const a = ;\n"}, "unexpected ;"),
    ],
)
def test_modules_that_do_not_fit_together_are_refused(tmp_path, files, told):
    with pytest.raises(BundleError, match=told):
        bundle(write(tmp_path, **files))


def write_words(folder, source):
    (folder / "words.yml").write_text("language: [zh-CN, zh-TW]\nsend: [发送, 送出]\n", encoding="utf-8")
    return write(folder, main=f'import words from "./words.yml";\n{source}\n')


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "发送"), ("zh-TW", "送出")])
def test_words_take_their_place_in_the_language_of_the_module(tmp_path, language, word):
    main = write_words(tmp_path, "alert(words.send, words.language);")

    assert bundle(main, language) == f'(()=>{{alert("{word}","{language}")}})()'


@pytest.mark.parametrize(
    ("source", "language", "told"),
    [
        ("alert(words.cancel);", "zh-CN", "main.js: there are no words words.cancel"),
        ("alert(words[name]);", "zh-CN", r"main.js: words stand by their names, as in words\.name"),
        ("alert(words.send);", "en", "words.yml has no words in en"),
    ],
)
def test_words_that_are_not_there_are_refused(tmp_path, source, language, told):
    with pytest.raises(BundleError, match=told):
        bundle(write_words(tmp_path, source), language)


def test_every_word_is_there_in_every_language_and_is_used():
    table = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    modules = "".join(path.read_text(encoding="utf-8") for path in WORDS.parent.glob("*.js"))

    assert {len(texts) for texts in table.values()} == {len(WIDGETS)}
    assert [name for name, texts in table.items() if len({tuple(_places(text)) for text in texts}) > 1] == []
    assert [name for name in table if not re.search(rf"\bwords\.{name}\b", modules)] == []


def _places(text):
    return sorted(re.findall(r"\{\w+\}", text))


def test_a_style_sheet_keeps_the_spaces_that_mean_something():
    sheet = "/* no */ .a :hover > .b ,\n.c { margin: calc(1px + 2px) 0 ; color : red; }\n"

    assert minify_css(sheet) == ".a :hover>.b,.c{margin:calc(1px + 2px)0;color:red}"


def test_custom_properties_of_the_sheet_get_short_names_and_those_of_the_host_page_keep_theirs():
    sheet = ".a { --ink: var(--rule-assistant-ink, #123); color: var(--ink); } .b { color: var(--ink-light); }"

    assert minify_css(sheet) == ".a{--a:var(--rule-assistant-ink, #123);color:var(--a)}.b{color:var(--b)}"
