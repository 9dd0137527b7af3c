package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.faces.hayhooks.Pipeline.Disposition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a pipeline from YAML. What a file leaves out is that of the standard pipeline. */
final class PipelineFile {

    private static final Set<String> KEYS =
            Set.of("name", "description", "model", "width", "height", "files", "file_name", "disposition");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern EXTENSION = Pattern.compile("\\.ya?ml$");
    private static final int MAX_TEXT = 500;
    private static final int MAX_FILE_NAME = 120;

    /** The names of other paths of the face. */
    private static final Set<String> RESERVED = Set.of("status", "docs");

    private final Map<?, ?> values;
    private final Pipeline standard;

    private PipelineFile(Map<?, ?> values, Pipeline standard) {
        this.values = values;
        this.standard = standard;
    }

    /**
     * The pipeline in a file.
     *
     * @param file its name, from which that of the pipeline follows if the content has none
     * @throws PipelineRefused with the reason if it is none
     */
    static Pipeline parse(String file, byte[] content, Pipeline standard) throws PipelineRefused {
        return new PipelineFile(map(content), standard)
                .read(EXTENSION.matcher(file).replaceFirst(""));
    }

    private static Map<?, ?> map(byte[] content) throws PipelineRefused {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            Object value = new Yaml(new SafeConstructor(options)).load(text);
            if (value instanceof Map<?, ?> map) {
                return map;
            }
        } catch (CharacterCodingException e) {
            throw new PipelineRefused("It is not text in UTF-8.");
        } catch (YAMLException e) {
            throw new PipelineRefused(
                    "It is not valid YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
        throw new PipelineRefused("It must be a mapping with keys of " + sorted(KEYS) + ".");
    }

    private Pipeline read(String defaultName) throws PipelineRefused {
        for (var key : values.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw new PipelineRefused("It has the key '%s'; allowed are %s.".formatted(key, sorted(KEYS)));
            }
        }
        var name = text("name", defaultName, MAX_TEXT);
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw new PipelineRefused(
                    "The name '%s' must have 1 to 64 letters, digits, '_' or '-', and not be one of %s."
                            .formatted(name, sorted(RESERVED)));
        }
        return new Pipeline(
                name,
                text("description", standard.description(), MAX_TEXT),
                text("model", standard.model(), MAX_TEXT),
                side("width", standard.width()),
                side("height", standard.height()),
                number("files", 0, RequestLimits.MAX_SOURCES, 0),
                fileName(),
                disposition());
    }

    private String fileName() throws PipelineRefused {
        var name = text("file_name", standard.fileName(), MAX_FILE_NAME);
        boolean isSafe = name.codePoints()
                .noneMatch(point -> point == '/'
                        || point == '\\'
                        || point == '"'
                        || Character.isISOControl(point)
                        || Character.getType(point) == Character.SURROGATE);
        if (!isSafe) {
            throw new PipelineRefused("The file_name '%s' must have no slashes, quotation marks or control characters."
                    .formatted(name.replaceAll("\\p{Cntrl}", "?")));
        }
        return name;
    }

    private Disposition disposition() throws PipelineRefused {
        var word = text("disposition", standard.disposition().word(), MAX_TEXT);
        return Stream.of(Disposition.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new PipelineRefused("The disposition '%s' must be 'inline' or 'attachment'.".formatted(word)));
    }

    private String text(String key, String ifAbsent, int max) throws PipelineRefused {
        var value = value(key, ifAbsent);
        if (value instanceof String text && !text.isBlank() && text.length() <= max) {
            return text;
        }
        throw new PipelineRefused("The %s must be a text of 1 to %d characters.".formatted(key, max));
    }

    private int side(String key, int ifAbsent) throws PipelineRefused {
        return number(key, RunRequestReader.MIN_SIDE, RunRequestReader.MAX_SIDE, ifAbsent);
    }

    private int number(String key, int min, int max, int ifAbsent) throws PipelineRefused {
        if (value(key, ifAbsent) instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw new PipelineRefused("The %s must be a whole number from %d to %d.".formatted(key, min, max));
    }

    private Object value(String key, Object ifAbsent) {
        @Nullable Object value = values.get(key);
        return Objects.requireNonNullElse(value, ifAbsent);
    }

    private static String sorted(Set<String> words) {
        return String.join(", ", new TreeSet<>(words));
    }

    /** A file that is no pipeline. Has no stack trace, because it is no failure of the gateway. */
    static final class PipelineRefused extends Exception {

        private static final long serialVersionUID = 1L;

        /** @param reason a sentence about the file */
        PipelineRefused(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
