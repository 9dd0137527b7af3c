package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads commands such as {@code /image=flux=a beautiful sunset}. The texts of its refusals are those of the replaced system. Thread-safe. */
public final class CommandReader {

    private static final Pattern COMMAND = Pattern.compile("/image=([^=]*)=(.*)", Pattern.DOTALL);
    private static final int MAX_SHOWN = 32;

    private final List<String> models;

    /** @param models the words for models, which a command may write in any case */
    public CommandReader(List<String> models) {
        this.models = List.copyOf(models);
    }

    /**
     * A valid command.
     *
     * @param model one of the words, as it was given to the reader
     * @param prompt 1 to 1000 characters, without control characters and without space around it
     * @param user empty if the body names none
     */
    public record Command(String model, String prompt, String user) {}

    /**
     * The command in a body.
     *
     * @throws Problem if the body is no JSON or has wrong fields; of kind {@code INVALID_REQUEST} if the text is no valid command
     */
    public Command read(byte[] body) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors, "{\"text\": \"" + example() + "\"}");
        fields.allowOnly(CommandForm.class, Set.of());
        if (!fields.has("text")) {
            fields.error("text", "Is missing: " + usage());
        }
        var text = fields.word("text");
        var user = fields.text("user", 1, RequestLimits.MAX_LABEL_LENGTH);
        errors.throwIfAny();
        return command(text.orElseThrow(), user.orElse(""));
    }

    private Command command(String text, String user) {
        var parts = COMMAND.matcher(text.strip());
        if (!parts.matches()) {
            throw refused(usage());
        }
        var word = parts.group(1).strip();
        var model = models.stream().filter(word::equalsIgnoreCase).findFirst().orElseThrow(() -> unknown(word));
        var prompt = printable(Objects.requireNonNull(parts.group(2))).strip();
        int length = prompt.codePointCount(0, prompt.length());
        if (length > CommandForm.MAX_PROMPT_LENGTH) {
            throw refused("Image prompt too long (max %d characters, got %d)"
                    .formatted(CommandForm.MAX_PROMPT_LENGTH, length));
        }
        if (VisibleText.isBlank(prompt)) {
            throw refused("Image prompt cannot be empty after sanitization");
        }
        return new Command(model, prompt, user);
    }

    /** The text without control characters and halves of surrogate pairs, which no file and no terminal can show. */
    private static String printable(String text) {
        var printable = new StringBuilder(text.length());
        text.codePoints()
                .filter(character -> !Character.isISOControl(character)
                        && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE))
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    private Problem unknown(String word) {
        var shown = word.codePointCount(0, word.length()) <= MAX_SHOWN
                ? word
                : word.substring(0, word.offsetByCodePoints(0, MAX_SHOWN)) + "...";
        return refused("There is no model '%s'. %s".formatted(printable(shown), usage()));
    }

    private String usage() {
        return "Usage: /image=MODEL=PROMPT, where MODEL is %s, such as %s"
                .formatted(String.join(" or ", models), example());
    }

    private String example() {
        return "/image=%s=a beautiful sunset".formatted(models.get(0));
    }

    private static Problem refused(String detail) {
        return new Problem(ProblemKind.INVALID_REQUEST, detail);
    }
}
