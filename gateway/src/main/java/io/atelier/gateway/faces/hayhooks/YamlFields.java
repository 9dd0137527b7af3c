package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.hayhooks.ImagePipeline.Disposition;
import io.atelier.gateway.faces.hayhooks.PipelineFile.PipelineRefused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The keys and values of a YAML file. */
final class YamlFields {

    static final int MAX_TEXT = 500;

    private static final int MAX_FILE_NAME = 120;

    private final Map<?, ?> values;

    private YamlFields(Map<?, ?> values) {
        this.values = values;
    }

    /**
     * The fields of a file.
     *
     * @param keys that it may have, for the error
     * @throws PipelineRefused with the reason if it is no mapping
     */
    static YamlFields parse(byte[] content, Collection<String> keys) throws PipelineRefused {
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
                return new YamlFields(map);
            }
        } catch (CharacterCodingException e) {
            throw new PipelineRefused("It is not text in UTF-8.");
        } catch (YAMLException e) {
            throw new PipelineRefused(
                    "It is not valid YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
        throw new PipelineRefused("It must be a mapping with keys of " + sorted(keys) + ".");
    }

    void allowOnly(Collection<String> keys) throws PipelineRefused {
        for (var key : values.keySet()) {
            if (!keys.contains(String.valueOf(key))) {
                throw new PipelineRefused("It has the key '%s'; allowed are %s.".formatted(key, sorted(keys)));
            }
        }
    }

    /** A text; null if it is absent and has no standard. */
    @Nullable
    String optionalText(String key, int max) throws PipelineRefused {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && !text.isBlank() && text.length() <= max) {
            return text;
        }
        throw new PipelineRefused("The %s must be a text of 1 to %d characters.".formatted(key, max));
    }

    String text(String key, String ifAbsent) throws PipelineRefused {
        var text = optionalText(key, MAX_TEXT);
        return text == null ? ifAbsent : text;
    }

    String requiredText(String key, int max) throws PipelineRefused {
        var text = optionalText(key, max);
        if (text == null) {
            throw new PipelineRefused("It must have the key '%s'.".formatted(key));
        }
        return text;
    }

    int number(String key, int min, int max, int ifAbsent) throws PipelineRefused {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return ifAbsent;
        }
        if (value instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw new PipelineRefused("The %s must be a whole number from %d to %d.".formatted(key, min, max));
    }

    /** One of a few numbers. */
    int number(String key, Set<Integer> allowed, int ifAbsent) throws PipelineRefused {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return ifAbsent;
        }
        if (value instanceof Integer number && allowed.contains(number)) {
            return number;
        }
        var words = new TreeSet<>(allowed).stream().map(String::valueOf).collect(Collectors.joining(", "));
        throw new PipelineRefused("The %s must be one of %s.".formatted(key, words));
    }

    String fileName(String ifAbsent) throws PipelineRefused {
        var name = optionalText("file_name", MAX_FILE_NAME);
        if (name == null) {
            return ifAbsent;
        }
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

    Disposition disposition(Disposition ifAbsent) throws PipelineRefused {
        var word = text("disposition", ifAbsent.word());
        return Stream.of(Disposition.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new PipelineRefused("The disposition '%s' must be 'inline' or 'attachment'.".formatted(word)));
    }

    static String sorted(Collection<String> words) {
        return String.join(", ", new TreeSet<>(words));
    }
}
