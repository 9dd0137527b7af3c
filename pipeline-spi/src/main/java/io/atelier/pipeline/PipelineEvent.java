package io.atelier.pipeline;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server-sent event.
 *
 * @param data the text; its line ends may be of any kind
 * @param name the kind of the event, in one line; null for {@code message}, which is the standard one
 * @param id in one line; null for none
 */
public record PipelineEvent(
        String data, @Nullable String name, @Nullable String id) {

    private static final Pattern LINE_END = Pattern.compile("[\\r\\n\\u0000]");

    /** @throws IllegalArgumentException if the name or the id has several lines */
    public PipelineEvent {
        requireLine(name);
        requireLine(id);
    }

    /** An event without a name and an id. */
    public static PipelineEvent of(String data) {
        return new PipelineEvent(data, null, null);
    }

    private static void requireLine(@Nullable String text) {
        if (text != null && LINE_END.matcher(text).find()) {
            throw new IllegalArgumentException("The name and the id of an event must be one line each");
        }
    }
}
