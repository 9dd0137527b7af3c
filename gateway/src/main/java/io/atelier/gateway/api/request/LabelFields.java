package io.atelier.gateway.api.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the labels of a request. Labels with which the gateway says where a generation belongs, such as to a batch, are not for clients to set: a request could
 * pass for one of another client.
 */
final class LabelFields {

    /** What keys of the gateway's own labels begin with. */
    static final List<String> RESERVED =
            List.of("avatar-batch.", "batch.", "command.", "hayhooks.", "intel.", "openai.");

    private static final Pattern KEY = Pattern.compile(RequestLimits.LABEL_KEY);

    private LabelFields() {}

    /**
     * The labels in a body.
     *
     * @param own keys of labels that the gateway added itself; they do not count as those of the client
     */
    static Map<String, String> read(JsonFields fields, Set<String> own) {
        var labels = new LinkedHashMap<String, String>();
        fields.object("labels").ifPresent(given -> {
            long count =
                    given.names().stream().filter(key -> !own.contains(key)).count();
            if (count > RequestLimits.MAX_LABELS) {
                fields.error(
                        "labels", "Must have at most %d labels; it has %d.".formatted(RequestLimits.MAX_LABELS, count));
                return;
            }
            for (var key : given.names()) {
                if (!KEY.matcher(key).matches()) {
                    given.error(key, "The key of a label must have 1 to 64 characters of a-z 0-9 . _ -");
                } else if (!own.contains(key) && RESERVED.stream().anyMatch(key::startsWith)) {
                    given.error(
                            key,
                            "The gateway sets labels that begin with %s itself. Choose another key."
                                    .formatted(String.join(", ", RESERVED)));
                }
                given.text(key, 0, RequestLimits.MAX_LABEL_LENGTH).ifPresent(value -> labels.put(key, value));
            }
        });
        return labels;
    }
}
