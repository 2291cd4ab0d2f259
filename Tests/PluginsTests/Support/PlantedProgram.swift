import Foundation
import TestSupport

/// A plugin in Python without any library, that behaves as it is told: it returns its input, but for the
/// windows that begin with a mark.
enum PlantedProgram {
  /// Whether there is a Python to run it.
  static var isRunnable: Bool { ExternalTool("python3") != nil }

  /// Writes the plugin's folder.
  static func write(
    _ behaviour: String, id: String = "planted", to url: URL, timeout: Double = 20,
    copies: Int? = nil
  ) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(program.utf8).write(to: url.appending(path: "planted.py"))
    let manifest = """
      {"format": 1, "id": "\(id)", "title": "Planted", "sourceDomain": "a", "targetDomain": "b",
       "version": "1", "licence": "MIT", "summary": "For tests.", "channels": 3,
       "outputRange": [0, 1],
       "process": {"command": ["python3", "planted.py", "\(behaviour)"],
                   \(copies.map { "\"copies\": \($0), " } ?? "")"timeoutSeconds": \(timeout)}}
      """
    try Data(manifest.utf8).write(to: url.appending(path: "pair.json"))
  }

  /// Writes a picture whose pixels are all the mark, or none.
  static func writePicture(_ url: URL, isMarked: Bool) throws {
    var picture = TestPNG(width: 70, height: 50)
    let plain = picture.value
    picture.value = { x, y in isMarked ? 77 : plain(x, y) / 4 }
    try picture.write(url.path)
  }

  private static let program = """
    import json, mmap, os, struct, sys, time
    behaviour = sys.argv[1]
    sizes = {"uint8": 1, "uint16": 2, "float32": 4}
    source, sink, images = sys.stdin.buffer, sys.stdout.buffer, {}

    def send(kind, number, body=b""):
        sink.write(struct.pack("<3I", kind, number, len(body)) + body)
        sink.flush()

    def edit():
        with open("planted.py", "a") as file: file.write("# another version\\n")

    def wait_for(name):
        end = time.time() + 10
        while not os.path.exists(name) and time.time() < end: time.sleep(0.01)

    if behaviour == "end-at-start":
        sys.exit("the licence has run out")
    if behaviour == "find-paths":
        seen = " ".join(sys.argv) + os.getcwd() + "".join(k + v for k, v in os.environ.items())
        if "secret-picture" in seen:
            sys.exit("a path was seen")
    if behaviour == "helper":
        import subprocess
        helper = subprocess.Popen(["sleep", "1000"], stdin=subprocess.DEVNULL)
        daemon = subprocess.run(
            ["sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, start_new_session=True).stdout.decode()
        with open("helpers", "a") as file: file.write(f"{helper.pid}\\n{daemon}")
    waiting = []
    while header := source.read(12):
        kind, number, length = struct.unpack("<3I", header)
        body = source.read(length)
        # Only another window is worth waiting for.
        while waiting and kind != 4: send(67, waiting.pop())
        if kind == 1:
            if behaviour == "hang-at-start":
                time.sleep(1000)
            send(65, 0, json.dumps({
                "protocol": 9 if behaviour == "other-protocol" else 1,
                "id": "another" if behaviour == "other-id" else "planted"}).encode())
        elif kind == 2:
            if b"secret-picture" in body:
                sys.exit("a path was seen")
            answer = {"halo": 9000} if behaviour == "large-halo" else {}
            answer = {"copy": "nothing to do"} if behaviour == "copy" else answer
            answer = {"copy": " "} if behaviour == "copy-for-nothing" else answer
            text = json.dumps(answer).encode()
            send(66, number, struct.pack("<I", len(text)) + text + b"state")
        elif kind == 3:
            end, = struct.unpack_from("<I", body)
            assert body[4 + end:] == b"state"
            images[number] = json.loads(body[4:4 + end])["image"]
        elif kind == 4:
            start, target, session, x, y, w, h, cx, cy, cw, ch = struct.unpack("<QQI8i", body)
            memory = mmap.mmap(3, os.fstat(3).st_size)
            bytes_ = sizes[images[session]["format"]] * images[session]["channels"]
            if memory[start:start + bytes_] == bytes([77, 7, 178]):
                if behaviour == "crash": os.abort()
                if behaviour == "edit":
                    edit()
                    os.abort()
                if behaviour == "edit-quietly": edit()
                if behaviour == "edit-between":
                    wait_for(".plain")
                    edit()
                    open(".edited", "w").close()
                if behaviour == "end": sys.exit("no memory for it")
                if behaviour == "hang": time.sleep(1000)
                if behaviour == "decline":
                    send(68, number, b"this is\\nnot for me")
                    continue
                if behaviour == "print": print("a marked window", flush=True)
                if behaviour == "answer-another": send(67, number + 77)
                if behaviour == "wrong-kind":
                    send(69, number, b"1")
                    continue
                if behaviour == "crash-once" and not os.path.exists("crashed"):
                    open("crashed", "w").close()
                    os.abort()
            elif behaviour == "edit-between":
                open(".plain", "w").close()
                wait_for(".edited")
            for row in range(ch):
                there = start + ((cy + row - y) * w + cx - x) * bytes_
                here = target + row * cw * bytes_
                memory[here:here + cw * bytes_] = memory[there:there + cw * bytes_]
            if behaviour == "not-a-number":
                memory[target:target + 4] = struct.pack("<f", float("nan"))
            if behaviour == "out-of-range":
                memory[target:target + 4] = struct.pack("<f", 7.0)
            if behaviour == "backwards":
                waiting.append(number)
                if len(waiting) < 2:
                    import select
                    if select.select([0], [], [], 0.2)[0]: continue
                while waiting: send(67, waiting.pop())
            else:
                send(67, number)
        elif kind == 6:
            if behaviour == "edit-quietly": edit()
            send(69, number, b'{"shade": 1}')
        elif kind == 5:
            images.pop(number, None)
    """
}
