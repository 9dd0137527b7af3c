package io.atelier.avatarsample.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The fields and files of a request, from JSON or from a multipart form.
 *
 * @param fields the texts in the order in which they were sent; values of JSON that are no strings as JSON
 * @param files those of a multipart form
 * @param names of all parts or members, in order
 */
record ProviderForm(Map<String, String> fields, List<FormFile> files, List<String> names) {

    static final ProviderForm EMPTY = new ProviderForm(Map.of(), List.of(), List.of());

    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");
    private static final Pattern TYPE = Pattern.compile("(?i)content-type: *([^\r\n]+)");

    /**
     * Reads a body.
     *
     * @throws IllegalArgumentException if it is not what its content type says
     */
    static ProviderForm read(String contentType, byte[] body) {
        return contentType.startsWith("multipart/form-data")
                ? multipart(boundary(contentType), body)
                : json(new String(body, StandardCharsets.UTF_8));
    }

    private static ProviderForm json(String text) {
        var fields = new LinkedHashMap<String, String>();
        JsonText.object(text)
                .forEach((name, value) ->
                        fields.put(name, value instanceof String string ? string : JsonText.write(value)));
        return new ProviderForm(fields, List.of(), List.copyOf(fields.keySet()));
    }

    private static String boundary(String contentType) {
        int start = contentType.indexOf("boundary=");
        if (start < 0) {
            throw new IllegalArgumentException("The form has no boundary");
        }
        return contentType.substring(start + "boundary=".length()).replaceAll("^\"|\".*$|;.*$", "");
    }

    private static ProviderForm multipart(String boundary, byte[] body) {
        // One character for each byte, so that positions are those of the bytes.
        var text = new String(body, StandardCharsets.ISO_8859_1);
        var delimiter = "--" + boundary;
        var fields = new LinkedHashMap<String, String>();
        var files = new ArrayList<FormFile>();
        var names = new ArrayList<String>();
        int start = text.indexOf(delimiter);
        while (start >= 0) {
            int head = start + delimiter.length() + 2;
            int next = text.indexOf("\r\n" + delimiter, head);
            int content = text.indexOf("\r\n\r\n", head) + 4;
            if (next < 0 || content < 4 || content > next + 2) {
                break;
            }
            var header = text.substring(head, content);
            var bytes = Arrays.copyOfRange(body, Math.min(content, next), next);
            var name = first(NAME, header);
            names.add(name);
            if (header.contains("filename=")) {
                files.add(new FormFile(name, first(FILE_NAME, header), first(TYPE, header), bytes));
            } else {
                fields.put(name, new String(bytes, StandardCharsets.UTF_8));
            }
            start = next + 2;
        }
        return new ProviderForm(fields, List.copyOf(files), List.copyOf(names));
    }

    private static String first(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "";
    }
}
