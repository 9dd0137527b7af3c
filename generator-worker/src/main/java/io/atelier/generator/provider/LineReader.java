package io.atelier.generator.provider;

import java.util.function.Consumer;
import okio.Buffer;

/** Tells the lines of a text that is still growing, each once it is whole. For one thread. */
final class LineReader {

    private final Buffer text;
    private final Consumer<String> lines;
    private long start;
    private long searched;

    /** @param text must only grow */
    LineReader(Buffer text, Consumer<String> lines) {
        this.text = text;
        this.lines = lines;
    }

    /** Tells the lines that have become whole. */
    void more() {
        long end = text.indexOf((byte) '\n', searched);
        while (end != -1) {
            var line = new Buffer();
            text.copyTo(line, start, end - start);
            lines.accept(line.readUtf8().stripTrailing());
            start = end + 1;
            searched = start;
            end = text.indexOf((byte) '\n', searched);
        }
        searched = text.size();
    }
}
