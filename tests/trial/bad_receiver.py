# SPDX-License-Identifier: MIT
"""bad_receiver.py: an HTTP server on loopback that takes what is posted as the
name of its database (?db=, InfluxDB's), or else its path, says: hang, close (in
the middle of its answer), or a status. Its first line is its port."""
import socket
import sys
import threading
import urllib.parse


def read_request(conn):
    """The target and the whole request; None when it ended before."""
    data = b''
    while b'\r\n\r\n' not in data:
        more = conn.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b'\r\n\r\n', 1)
    lines = head.decode('latin-1').split('\r\n')
    fields = dict(line.lower().split(': ', 1) for line in lines[1:] if ': ' in line)
    left = int(fields.get('content-length', 0)) - len(body)
    while left > 0:
        more = conn.recv(65536)
        if not more:
            return None
        left -= len(more)
    return lines[0].split(' ')[1]


def serve(conn):
    with conn:
        while True:
            target = read_request(conn)
            if target is None:
                return
            url = urllib.parse.urlsplit(target)
            how = urllib.parse.parse_qs(url.query).get('db', [url.path.strip('/')])[0]
            if how == 'hang':
                conn.recv(1)  # until it is given up
                return
            if how == 'close':
                conn.sendall(b'HTTP/1.1 204 No')
                return
            conn.sendall(b'HTTP/1.1 %s Because\r\nContent-Length: 0\r\n\r\n' % how.encode())


def main():
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


if __name__ == '__main__':
    sys.exit(main())
