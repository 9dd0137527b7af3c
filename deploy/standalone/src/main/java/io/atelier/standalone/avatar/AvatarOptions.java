package io.atelier.standalone.avatar;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.generation.SourceImageOption;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Options of the avatar request. The gateway checks their values. What files contain is personal, so that no message repeats it.
 */
final class AvatarOptions {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String STANDARD_INPUT = "-";
    /** The gateway takes no larger request. */
    private static final int MOST_BYTES = 1_000_000;

    @Parameters(
            paramLabel = "PERSONA.json",
            description = {
                "A file with the person as a JSON object: id, firstname, lastname, gender, bio_facebook, bio_instagram, bio_x,"
                        + " bio_tiktok and, if you like, ethnicity and age; - reads it from standard input."
            })
    private String persona = "";

    @Option(names = "--images", paramLabel = "COUNT", description = "Number of images: 4, 8, 12, 16 or 20. Default: 4.")
    private @Nullable Integer images;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description =
                    "A model that can edit images, see 'atelier models'. Default: the gateway's model for avatars.")
    private @Nullable String model;

    @Option(
            names = "--distinct-prompts",
            description = "Write a prompt of its own for each grid of four images, instead of one for all.")
    private boolean distinctPrompts;

    @Option(
            names = "--prompt",
            paramLabel = "FILE",
            description = "A text file with the prompt of the grids, which is then not written from the person.")
    private @Nullable Path prompt;

    @Option(
            names = "--base",
            paramLabel = "FILE|ID[:INDEX]",
            converter = BaseImageConverter.class,
            description =
                    "Use this base image instead of making one: a file, which is uploaded, an earlier avatar, or an"
                            + " image of another job.")
    private @Nullable SourceImageOption base;

    @Option(
            names = "--face",
            paramLabel = "FILE|ID[:INDEX]",
            converter = BaseImageConverter.class,
            description = "Make a base image with this face.")
    private @Nullable SourceImageOption face;

    /**
     * The body of the request, with the given options only, except for images.
     *
     * @param console for a persona that is read from standard input
     */
    ObjectNode body(Console console) {
        var body = JSON.createObjectNode();
        body.set("persona", person(console));
        if (images != null) {
            body.put("images", images);
        }
        if (model != null) {
            body.put("model", model);
        }
        if (distinctPrompts) {
            body.put("distinct_prompts", true);
        }
        if (prompt != null) {
            body.put("prompt", text(prompt, "--prompt " + prompt).strip());
        }
        return body;
    }

    /** Adds the images to the body of the request. Files are uploaded. */
    void addImages(ObjectNode body, GatewayClient gateway) {
        if (base != null) {
            body.set("base", base.resolve(gateway));
        }
        if (face != null) {
            body.set("face", face.resolve(gateway));
        }
    }

    private JsonNode person(Console console) {
        boolean isTyped = persona.equals(STANDARD_INPUT);
        var name = isTyped ? "Standard input" : persona;
        try {
            var person = JSON.readTree(isTyped ? console.read(MOST_BYTES) : text(Path.of(persona), name));
            if (person.isObject()) {
                return person;
            }
        } catch (JacksonException e) {
            // Its message would quote the file.
            var place = e.getLocation();
            throw refused("%s is not JSON: see line %d, column %d."
                    .formatted(name, place == null ? 1 : place.getLineNr(), place == null ? 1 : place.getColumnNr()));
        }
        throw refused(name + " is not a JSON object; it must be one with the members of a person, such as"
                + " {\"id\": \"42\", \"firstname\": ...}.");
    }

    /** @param name of the file for messages */
    private static String text(Path file, String name) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw refused("%s has more than %d bytes; use a shorter text.".formatted(name, MOST_BYTES));
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw refused(name + " is not text in UTF-8; convert it.");
        } catch (IOException e) {
            throw refused("%s cannot be read: %s".formatted(name, CommandFailed.reason(e)));
        }
    }

    private static CommandFailed refused(String message) {
        return new CommandFailed(ExitCode.REFUSED, message, Map.of("code", "usage"));
    }
}
