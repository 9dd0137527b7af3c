package io.atelier.gateway.faces.pipelines;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/** Values of {@code Content-Disposition}, in the form that hayhooks sends: encoded only if they must be. */
public final class Dispositions {

    private Dispositions() {}

    /**
     * The value for a file.
     *
     * @param fileName without folders and quotation marks
     */
    public static String of(boolean isInline, String fileName) {
        var kind = isInline ? "inline" : "attachment";
        var encoded = UriUtils.encode(fileName, StandardCharsets.UTF_8);
        return encoded.equals(fileName)
                ? "%s; filename=\"%s\"".formatted(kind, fileName)
                : "%s; filename*=utf-8''%s".formatted(kind, encoded);
    }
}
