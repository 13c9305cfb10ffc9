# SPDX-License-Identifier: MIT
"""A page of metrics as a small service has it: /metrics, 100 MB of memory and
60 MB more each second, half a core, and a gauge. /json is none, /huge has no
end. What the file named by the argument says now is done: "error" answers 503,
"silent" answers nothing, "anew" is a service that has begun anew. Prints its
port, and then what it is asked for: path and mode."""
import http.server
import sys
import threading
import time

began = time.monotonic()
woken = threading.Event()


def page(anew):
    t = time.monotonic() - began
    cpu = t / 2 if not anew else 0.001 * t
    return (
        "# TYPE process_cpu_seconds_total counter\n"
        f"process_cpu_seconds_total {cpu}\n"
        "# TYPE process_resident_memory_bytes gauge\n"
        f"process_resident_memory_bytes {100e6 + 60e6 * t}\n"
        "# TYPE jobs_total counter\n"
        f"jobs_total{{queue=\"a\"}} {int(20 * t)}\n"
        f"jobs_total{{queue=\"b\"}} {int(80 * t)}\n"
        "go_goroutines 12\n"
        "none_of_it {{{\n"
    ).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(sys.argv[1], encoding="ascii") as f:
            mode = f.read().strip()
        print(self.path, mode, flush=True)
        if self.path == "/json":
            self.answer(200, "application/json", b'{"status": "ok"}')
        elif self.path == "/huge":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"a 1\n" * 65536)
            except OSError:
                self.close_connection = True
        elif mode == "error":
            self.answer(503, "text/plain", b"not now")
        elif mode == "silent":
            woken.wait()
        elif "text/plain" not in self.headers.get("Accept", ""):
            self.answer(406, "text/plain", b"")
        else:
            self.answer(200, "text/plain; version=0.0.4", page(mode == "anew"))

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # connections are cut off on purpose


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
