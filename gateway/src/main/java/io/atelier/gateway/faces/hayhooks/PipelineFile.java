package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.faces.hayhooks.ImagePipeline.Disposition;
import io.atelier.gateway.faces.hayhooks.StaticPipeline.Source;
import io.atelier.gateway.faces.pipelines.HostedPipeline;
import io.atelier.gateway.faces.pipelines.PipelineName;
import io.atelier.pipeline.PipelineException;
import io.atelier.pipeline.PipelineResult;
import io.atelier.pipeline.ResultType;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

/** Reads a pipeline from YAML. What a file leaves out is that of the standard pipeline. */
final class PipelineFile {

    private static final String IMAGE = "image";
    private static final String FILE = "file";
    private static final String TEXT = "text";
    private static final String REDIRECT = "redirect";
    private static final String KIND = "kind";
    private static final String DESCRIPTION = "description";
    private static final String MEDIA_TYPE = "media_type";
    private static final String STATUS = "status";
    private static final Set<String> SHARED = Set.of("name", KIND, DESCRIPTION);

    /** The keys of each kind, beside those that all have. */
    private static final Map<String, Set<String>> KEYS = Map.of(
            IMAGE, Set.of("model", "width", "height", "files", "file_name", "disposition"),
            FILE, Set.of("path", MEDIA_TYPE, "file_name", "disposition"),
            TEXT, Set.of(TEXT, MEDIA_TYPE, STATUS),
            REDIRECT, Set.of("location", STATUS));

    private static final Pattern EXTENSION = Pattern.compile("\\.ya?ml$");
    private static final int MAX_CONTENT = 60_000;
    private static final int SEE_OTHER = 303;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, SEE_OTHER, 307, 308);

    /** Of responses that have no body. */
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205, 304);

    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final YamlFields fields;
    private final Path folder;
    private final ImagePipeline standard;

    private PipelineFile(YamlFields fields, Path folder, ImagePipeline standard) {
        this.fields = fields;
        this.folder = folder;
        this.standard = standard;
    }

    /**
     * The pipeline in a file.
     *
     * @param folder of the file, and of those that it names
     * @param file its name, from which that of the pipeline follows if the content has none
     * @throws PipelineRefused with the reason if it is none
     */
    static FacePipeline parse(Path folder, String file, byte[] content, ImagePipeline standard) throws PipelineRefused {
        var name = EXTENSION.matcher(file).replaceFirst("");
        return new PipelineFile(YamlFields.parse(content, keys(IMAGE)), folder, standard).read(name);
    }

    private static Set<String> keys(String kind) {
        var keys = new TreeSet<>(SHARED);
        keys.addAll(KEYS.getOrDefault(kind, Set.of()));
        return keys;
    }

    private FacePipeline read(String defaultName) throws PipelineRefused {
        var kind = fields.text(KIND, IMAGE);
        if (!KEYS.containsKey(kind)) {
            throw new PipelineRefused(
                    "The kind '%s' must be one of %s.".formatted(kind, YamlFields.sorted(KEYS.keySet())));
        }
        fields.allowOnly(keys(kind));
        try {
            var name = PipelineName.require(fields.text("name", defaultName));
            return switch (kind) {
                case FILE -> file(name);
                case TEXT -> text(name);
                case REDIRECT -> redirect(name);
                default -> image(name);
            };
        } catch (IllegalArgumentException e) {
            throw new PipelineRefused(String.valueOf(e.getMessage()));
        }
    }

    private ImagePipeline image(String name) throws PipelineRefused {
        return new ImagePipeline(
                name,
                fields.text(DESCRIPTION, standard.description()),
                fields.text("model", standard.model()),
                side("width", standard.width()),
                side("height", standard.height()),
                fields.number("files", 0, RequestLimits.MAX_SOURCES, 0),
                fields.fileName(standard.fileName()),
                fields.disposition(standard.disposition()));
    }

    private CodePipeline file(String name) throws PipelineRefused {
        var file = folderFile(fields.requiredText("path", YamlFields.MAX_TEXT));
        var mediaType = fields.text(MEDIA_TYPE, mediaType(file.name()));
        var fileName = fields.fileName(file.name());
        boolean isInline = fields.disposition(Disposition.ATTACHMENT) == Disposition.INLINE;
        // The link may be changed later, so it is looked at for each request.
        return hosted(name, "Respond with a file.", ResultType.file(mediaType), () -> {
            if (!file.exists()) {
                throw new PipelineException(
                        500,
                        "The file '%s' is not there. Put it into the folder of the pipelines.".formatted(file.name()));
            }
            var result = PipelineResult.file(file.real(), mediaType);
            return isInline ? result.inline(fileName) : result.attachment(fileName);
        });
    }

    private FolderFile folderFile(String path) throws PipelineRefused {
        try {
            var file = new FolderFile(folder, path);
            if (file.exists()) {
                file.real();
            }
            return file;
        } catch (InvalidPathException | IOException e) {
            throw new PipelineRefused("The path '%s' cannot be read: %s".formatted(path, e.getMessage()));
        }
    }

    private static String mediaType(String fileName) {
        return MediaTypeFactory.getMediaType(fileName)
                .orElse(MediaType.APPLICATION_OCTET_STREAM)
                .toString();
    }

    private CodePipeline text(String name) throws PipelineRefused {
        var mediaType = fields.text(MEDIA_TYPE, MediaType.TEXT_PLAIN_VALUE);
        int status = fields.number(STATUS, 200, 599, 200);
        if (WITHOUT_BODY.contains(status)) {
            throw new PipelineRefused("The status of a text must not be 204, 205 or 304, with which none is sent.");
        }
        var result = PipelineResult.text(fields.requiredText(TEXT, MAX_CONTENT), mediaType)
                .status(status);
        var type = new ResultType(ResultType.Kind.TEXT, mediaType);
        return hosted(name, "Respond with a text.", type, () -> result);
    }

    private CodePipeline redirect(String name) throws PipelineRefused {
        var location = fields.requiredText("location", YamlFields.MAX_TEXT);
        try {
            var address = new URI(location);
            if (address.isAbsolute() && !SCHEMES.contains(address.getScheme().toLowerCase(Locale.ROOT))) {
                throw new PipelineRefused(
                        "The location '%s' must be a path or an address with http or https.".formatted(location));
            }
            var result = PipelineResult.redirect(address).status(fields.number(STATUS, REDIRECTS, SEE_OTHER));
            return hosted(name, "Redirect to another address.", ResultType.redirect(), () -> result);
        } catch (URISyntaxException e) {
            throw new PipelineRefused("The location '%s' must be a URI.".formatted(location));
        }
    }

    private CodePipeline hosted(String name, String description, ResultType type, Source source)
            throws PipelineRefused {
        var text = fields.text(DESCRIPTION, description);
        return new CodePipeline(HostedPipeline.of(new StaticPipeline(name, text, type, source)));
    }

    private int side(String key, int ifAbsent) throws PipelineRefused {
        return fields.number(key, RunRequestReader.MIN_SIDE, RunRequestReader.MAX_SIDE, ifAbsent);
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
