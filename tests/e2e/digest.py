# SPDX-License-Identifier: MIT
"""A server that asks for Digest (RFC 7616), and a log of what came: it reckons
by itself what the answer must be. Prints its port; a line a request follows."""
import hashlib
import http.server
import re
import sys
import threading

ALGORITHM = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
used = set()
lock = threading.Lock()
challenges = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def right(self, name, word):
        got = dict(re.findall(r'(\w+)="?([^",]*)"?', word))

        def h(text):
            return ALGORITHM[name](text.encode()).hexdigest()
        want = h(":".join([h("me:the realm:%s" % sys.argv[1]), got["nonce"],
                           got["nc"], got["cnonce"], got["qop"],
                           h("%s:%s" % (self.command, self.path))]))
        fresh = got["nonce"] not in used
        used.add(got["nonce"])
        return (fresh and got["response"] == want and got["uri"] == self.path
                and got["opaque"] == "o" and got["username"] == "me")

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self.path.split("/")[1]
        word = self.headers.get("Authorization")
        with lock:
            self.answer(name, word, body.decode())

    def answer(self, name, word, body):
        global challenges
        status = 401
        if word is not None:
            status = 200 if self.right(name, word) else 403
        self.send_response(status)
        if status == 401:
            challenges += 1
            self.send_header("WWW-Authenticate", 'Digest realm="the realm", '
                             'nonce="n%d", qop="auth", algorithm=%s, '
                             'opaque="o"' % (challenges, name))
        self.send_header("Content-Length", "0")
        sys.stdout.write("%s %s %s %d\n" % (self.command, self.path, body,
                                            status))
        sys.stdout.flush()
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
