package io.atelier.generator.provider;

import java.util.function.Consumer;
import okio.Buffer;

/** Passes each complete line of a growing buffer to a listener. For one thread. */
final class LineReader {

    private final Buffer text;
    private final Consumer<String> listener;
    private long start;
    private long searched;

    /** @param text UTF-8; bytes are only appended to it, never read from it */
    LineReader(Buffer text, Consumer<String> listener) {
        this.text = text;
        this.listener = listener;
    }

    /** Passes on the lines that have become complete since the last call, without trailing white space. */
    void readAvailable() {
        long end = text.indexOf((byte) '\n', searched);
        while (end != -1) {
            var line = new Buffer();
            text.copyTo(line, start, end - start);
            listener.accept(line.readUtf8().stripTrailing());
            start = end + 1;
            searched = start;
            end = text.indexOf((byte) '\n', searched);
        }
        searched = text.size();
    }
}
