"""A server that answers as LanguageTool's does, or as a test wants it to."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

LANGUAGES = [{"name": "English (US)", "code": "en", "longCode": "en-US"}]


def match(text: str, wrong: str, right: str, rule: str = "SOME_RULE", category: str = "GRAMMAR") -> dict:
    """A match as a server sends it, counted in UTF-16."""
    before = text[: text.index(wrong)]
    length = len(wrong.encode("utf-16-le")) // 2
    return {
        "message": "Wrong.",
        "replacements": [{"value": right}],
        "offset": len(before.encode("utf-16-le")) // 2,
        "length": length,
        "context": {"text": text, "offset": 0, "length": length},
        "sentence": text,
        "rule": {"id": rule, "issueType": "grammar", "category": {"id": category, "name": category}},
    }


def answer(*matches: dict, version: str = "6.8") -> tuple[int, str]:
    return 200, json.dumps({"software": {"version": version}, "matches": matches})


class Misbehaving:
    """A server that answers a check as `respond` says, and counts what it is asked."""

    def __init__(self, respond: Callable[[str], tuple[int, str]]) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(200, json.dumps(LANGUAGES))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                asked.append(form["text"][0])
                self.reply(*respond(form["text"][0]))

            def reply(self, code: int, body: str) -> None:
                data = body.encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
