package io.atelier.gateway.faces.openai;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.FormParts;
import io.atelier.gateway.api.files.Upload;
import io.atelier.gateway.api.files.UploadedForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Turns the form of an edit, which is multipart, into the JSON form of the same request. Thread-safe. */
final class OpenAiEditBody {

    private static final String IMAGE = "image";
    private static final String IMAGES = "image[]";
    private static final String MASK = "mask";

    /** A file that other servers take; its part is read so that it is refused by its name. */
    private static final String MARKUP = "markup";

    private static final int MAX_IMAGES = 16;

    /** Stands for a file that is not stored yet. */
    private static final FileId NO_FILE = FileId.ofSha256("0".repeat(64));

    private static final Set<String> TEXTS = Set.of(
            "prompt",
            "model",
            "size",
            "quality",
            "background",
            "output_format",
            "response_format",
            "user",
            "moderation");
    private static final Set<String> NUMBERS = Set.of(
            "n", "partial_images", "output_compression", "seed", "steps", "guidance_scale", "strength", "stream");
    private static final String LABELS = "labels";
    private static final Pattern MEMBER = Pattern.compile("([a-z_]{1,64})\\[([A-Za-z0-9_.-]{1,64})]");
    private static final Pattern SCALAR = Pattern.compile("true|false|-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?");
    private static final Set<String> OBJECTS = Set.of("grid", "output", LABELS, "deadline", "delivery", "routing");

    /** One image comes in the part {@code image}, several in parts that are all called {@code image[]}, or {@code image} as well. */
    static final FormParts PARTS =
            new FormParts(Map.of(IMAGE, MAX_IMAGES, IMAGES, MAX_IMAGES, MASK, 1, MARKUP, 1), TEXTS, true);

    private final FileUploads files;
    private final JsonMapper json;

    /** Reads a request in its JSON form. */
    interface JsonForm<T> {

        /**
         * The request.
         *
         * @param places where its images are in the form, see {@link OpenAiRequest}
         */
        T read(JsonNode body, Map<String, String> places);
    }

    OpenAiEditBody(FileUploads files, JsonMapper json) {
        this.files = files;
        this.json = json;
    }

    /**
     * The request of a form, whose images are stored as files if the rest of it is valid.
     *
     * @param reader is called twice, first for a check, with ids of no files
     */
    <T> Mono<T> read(UploadedForm form, JsonForm<T> reader) {
        var errors = new ParameterErrors();
        if (form.files().stream().anyMatch(file -> file.part().equals(MARKUP))) {
            errors.unsupported(MARKUP, OpenAiRequestTranslator.refusal(MARKUP));
        }
        if (form.fields().containsKey("images")) {
            errors.invalid(
                    "images", "Belongs to JSON. In a form, send each image as a part 'image[]' with a file name.");
        }
        var images = form.files().stream()
                .filter(file -> !file.part().equals(MASK) && !file.part().equals(MARKUP))
                .toList();
        var mask = form.files().stream()
                .filter(file -> file.part().equals(MASK))
                .findFirst()
                .orElse(null);
        if (images.isEmpty()) {
            errors.invalid(IMAGE, "Is missing: send the image to change as a part of this name, with a file name.");
        }
        errors.throwIfAny();
        reader.read(
                body(form, images.stream().map(image -> NO_FILE).toList(), mask == null ? null : NO_FILE),
                places(images));
        return Flux.fromIterable(form.files())
                .concatMap(files::keep)
                .collectList()
                .map(ids -> {
                    var ofImages = new ArrayList<FileId>();
                    FileId ofMask = null;
                    for (int i = 0; i < ids.size(); i++) {
                        if (form.files().get(i).part().equals(MASK)) {
                            ofMask = ids.get(i);
                        } else {
                            ofImages.add(ids.get(i));
                        }
                    }
                    return reader.read(body(form, ofImages, ofMask), places(images));
                });
    }

    private static Map<String, String> places(List<Upload> images) {
        return Map.of("/images", "/" + images.get(0).part(), "/mask", "/" + MASK);
    }

    private ObjectNode body(UploadedForm form, List<FileId> images, @Nullable FileId mask) {
        var body = json.createObjectNode();
        form.fields().forEach((name, text) -> set(body, name, text));
        var list = body.putArray("images");
        images.forEach(image -> list.addObject().put("file_id", image.value()));
        if (mask != null) {
            body.putObject(MASK).put("file_id", mask.value());
        }
        return body;
    }

    /** Sets a text, also a member of an object in the notation that OpenAI's libraries have for forms, such as {@code grid[layout]}. */
    private void set(ObjectNode body, String name, String text) {
        var member = MEMBER.matcher(name);
        if (!member.matches() || !OBJECTS.contains(member.group(1))) {
            body.set(name, value(name, text));
            return;
        }
        var object = body.path(member.group(1)).isObject()
                ? (ObjectNode) body.get(member.group(1))
                : body.putObject(member.group(1));
        boolean isText = member.group(1).equals(LABELS) || !SCALAR.matcher(text).matches();
        object.set(member.group(2), isText ? json.getNodeFactory().stringNode(text) : json.readTree(text));
    }

    /** The value of a text. What is no JSON is left a text, and refused as such. */
    private JsonNode value(String name, String text) {
        if (!NUMBERS.contains(name) && !OBJECTS.contains(name)) {
            return json.getNodeFactory().stringNode(text);
        }
        try {
            var value = json.readTree(text);
            return value.isMissingNode() ? json.getNodeFactory().stringNode(text) : value;
        } catch (JacksonException e) {
            return json.getNodeFactory().stringNode(text);
        }
    }
}
