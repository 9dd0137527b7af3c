package io.atelier.gateway.faces.pipelines;

import io.atelier.pipeline.PipelineEvent;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Writes server-sent events. */
final class EventFrames {

    /** Keeps a quiet connection open. */
    static final byte[] HEARTBEAT = ": hb\n\n".getBytes(StandardCharsets.UTF_8);

    private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\r|\\n");

    private EventFrames() {}

    /** An event in UTF-8, with the empty line after it. */
    static byte[] of(PipelineEvent event) {
        var text = new StringBuilder();
        if (event.id() != null) {
            text.append("id: ").append(event.id()).append('\n');
        }
        if (event.name() != null) {
            text.append("event: ").append(event.name()).append('\n');
        }
        for (var line : LINE_END.split(event.data(), -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
}
