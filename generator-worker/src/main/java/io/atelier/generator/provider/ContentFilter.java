package io.atelier.generator.provider;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Recognises that the content filter of a provider refused a prompt or an image, wherever its response says so: by the code of an error or of
 * an error within it, by a result {@code "filtered": true}, or by the words of a message. Such a refusal is never repeated.
 */
public final class ContentFilter {

    private static final int MAX_DEPTH = 8;

    /** Codes in lower case, without separators. */
    private static final Set<String> CODES = Set.of(
            "contentfilter",
            "contentfiltered",
            "contentpolicyviolation",
            "responsibleaipolicyviolation",
            "moderationblocked",
            "safetyviolation",
            "safetyviolations");

    private static final Set<String> CODE_MEMBERS = Set.of("code", "type", "reason", "finish_reason");
    private static final Set<String> TEXT_MEMBERS = Set.of("message", "error", "detail", "details");

    private static final List<String> WORDS = List.of(
            "safety_violations",
            "safety system",
            "content_policy_violation",
            "content policy violation",
            "content management policy",
            "nsfw");

    private ContentFilter() {}

    /** Whether the body of a response, or a part of it, says that the content filter refused. Prompts and images in it are not looked at. */
    public static boolean refused(JsonNode body) {
        return refused("", body, 0);
    }

    private static boolean refused(String member, JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (node.isString()) {
            var text = node.stringValue();
            return (CODE_MEMBERS.contains(member) && isCode(text)) || (TEXT_MEMBERS.contains(member) && hasWords(text));
        }
        if (member.equals("filtered")) {
            return node.asBoolean(false);
        }
        return node.isObject()
                ? node.properties().stream().anyMatch(entry -> refused(entry, depth))
                : node.valueStream().anyMatch(element -> refused(member, element, depth + 1));
    }

    private static boolean refused(Map.Entry<String, JsonNode> member, int depth) {
        return refused(member.getKey().toLowerCase(Locale.ROOT), member.getValue(), depth + 1);
    }

    private static boolean isCode(String text) {
        return CODES.contains(text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
    }

    private static boolean hasWords(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(lower::contains);
    }
}
