package io.atelier.pipeline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** What a result has beside its status and headers. {@link PipelineResult} makes it. */
public sealed interface ResultContent {

    /**
     * A JSON value: the response is {@code {"result": ...}}.
     *
     * @param value a String, Number or Boolean, a list or map of such, or null
     */
    record Json(@Nullable Object value) implements ResultContent {

        public Json {
            value = JsonValues.copy(value);
        }
    }

    /**
     * A text, which is sent in UTF-8.
     *
     * @param mediaType without a charset
     */
    record Text(String text, String mediaType) implements ResultContent {

        public Text {
            ResponseFields.requireMediaType(mediaType);
        }
    }

    /**
     * Bytes that are in memory.
     *
     * @param bytes read-only
     */
    record Bytes(ByteBuffer bytes, String mediaType) implements ResultContent {

        public Bytes {
            bytes = bytes.asReadOnlyBuffer();
            ResponseFields.requireMediaType(mediaType);
        }
    }

    /** A file, which must not change while it is sent. */
    record StoredFile(Path path, String mediaType) implements ResultContent {

        public StoredFile {
            ResponseFields.requireMediaType(mediaType);
        }
    }

    /** Bytes as they come. */
    record ByteStream(Flow.Publisher<ByteBuffer> publisher, String mediaType) implements ResultContent {

        public ByteStream {
            ResponseFields.requireMediaType(mediaType);
        }
    }

    /** Server-sent events as they come. */
    record Events(Flow.Publisher<PipelineEvent> publisher) implements ResultContent {}

    /** Another address. */
    record Redirect(URI location) implements ResultContent {}
}
