package io.atelier.avatarsample.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON as maps, lists, strings, numbers, booleans and null: the JDK has no reader of JSON. */
public final class JsonText {

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * Reads an object; members keep their order.
     *
     * @throws IllegalArgumentException if the text is not a JSON object
     */
    public static Map<String, @Nullable Object> object(String text) {
        var reader = new JsonText(text);
        var value = reader.value();
        reader.skipSpace();
        if (!(value instanceof Map<?, ?>) || reader.at < text.length()) {
            throw new IllegalArgumentException("The text is not a JSON object");
        }
        return members(value);
    }

    /** The members of a value that is an object; none of any other value. */
    public static Map<String, @Nullable Object> members(@Nullable Object value) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return members;
    }

    /** A value as JSON. */
    public static String write(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(member -> quoted(String.valueOf(member.getKey())) + ":" + write(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonText::write).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String string ? quoted(string) : String.valueOf(value);
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                quoted.append('\\').append(next);
            } else if (next < ' ') {
                quoted.append("\\u%04x".formatted((int) next));
            } else {
                quoted.append(next);
            }
        }
        return quoted.append('"').toString();
    }

    private @Nullable Object value() {
        skipSpace();
        return switch (peek()) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> map() {
        var members = new LinkedHashMap<String, @Nullable Object>();
        at++;
        skipSpace();
        while (peek() != '}') {
            skipSpace();
            var name = string();
            skipSpace();
            expect(':');
            members.put(name, value());
            endOfElement('}');
        }
        at++;
        return members;
    }

    private List<@Nullable Object> list() {
        var elements = new ArrayList<@Nullable Object>();
        at++;
        skipSpace();
        while (peek() != ']') {
            elements.add(value());
            endOfElement(']');
        }
        at++;
        return elements;
    }

    private void endOfElement(char end) {
        skipSpace();
        if (peek() != end) {
            expect(',');
            skipSpace();
            if (peek() == end) {
                throw invalid();
            }
        }
    }

    private String string() {
        expect('"');
        var string = new StringBuilder();
        while (peek() != '"') {
            char next = text.charAt(at++);
            string.append(next == '\\' ? escaped() : next);
        }
        at++;
        return string.toString();
    }

    private char escaped() {
        peek();
        char kind = text.charAt(at++);
        return switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> kind;
        };
    }

    private char unicode() {
        int end = at + 4;
        if (end > text.length() || !text.substring(at, end).matches("\\p{XDigit}{4}")) {
            throw invalid();
        }
        at = end;
        return (char) Integer.parseInt(text.substring(end - 4, end), 16);
    }

    private @Nullable Object word() {
        int start = at;
        while (at < text.length() && isOfWord(text.charAt(at))) {
            at++;
        }
        var word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> number(word);
        };
    }

    private static boolean isOfWord(char next) {
        return Character.isLetterOrDigit(next) || next == '+' || next == '-' || next == '.';
    }

    private Number number(String word) {
        try {
            return word.matches("-?\\d{1,18}") ? (Number) Long.valueOf(word) : (Number) Double.valueOf(word);
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    private void expect(char expected) {
        if (peek() != expected) {
            throw invalid();
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw invalid();
        }
        return text.charAt(at);
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException invalid() {
        return new IllegalArgumentException("The text is not JSON at character " + at);
    }
}
