# SPDX-License-Identifier: MIT
"""DIR [ANSWER ...]: a server that takes OTLP over HTTP: each body becomes a file
of DIR, its head another. Answers are given in turn: a status, or "N:WHY", which
is 200 with so many points rejected; one with a "*" behind it is given from then
on; then, and without any, all is taken. With $TLS_PEM, a file of a
certificate and its key, it speaks TLS. Prints its port, then "took N" as body N
is a file."""
import http.server
import os
import ssl
import sys

folder, answers = sys.argv[1], sys.argv[2:]
taken = 0


def field(number, data):
    assert len(data) < 128
    return bytes([number << 3 | 2, len(data)]) + data


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global taken
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = "200"
        if answers:
            answer = answers[0].rstrip("*")
            if not answers[0].endswith("*"):
                answers.pop(0)
        status, reply = answer, b""
        if ":" in answer:
            n, why = answer.split(":", 1)
            status = "200"
            reply = field(1, bytes([1 << 3, int(n)]) + field(2, why.encode()))
        if status == "200":
            taken += 1
            name = os.path.join(folder, "%06d" % taken)
            with open(name + ".head", "w") as f:
                f.write("%s\n%s" % (self.path, self.headers))
            with open(name + ".new", "wb") as f:
                f.write(body)
            os.rename(name + ".new", name + ".pb")
            print("took", taken, flush=True)
        self.send_response(int(status))
        if status in ("429", "503"):
            self.send_header("Retry-After", "1")
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if "TLS_PEM" in os.environ:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(os.environ["TLS_PEM"])
    server.socket = tls.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
