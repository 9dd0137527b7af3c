package io.atelier.storage;

import java.util.Optional;
import java.util.regex.Pattern;

/** Makes the keys of published images. */
public record KeyTemplate(String value) {

    /** The template unless another is set. */
    public static final String DEFAULT = "avatars/{persona}/img_{index}.png";

    /** What a template looks like, for messages. */
    static final String FORM = "a key such as " + DEFAULT
            + ", which begins with a folder other than jobs/ and files/ and contains {persona} and {index}, with more than digits between them, and ends in an extension such as .png. "
            + ObjectKey.RULE;

    /** Where a key does not say which characters are of the persona and which of the index: image 21 of persona 4 would be image 1 of persona 42. */
    private static final Pattern AMBIGUOUS = Pattern.compile("}[0-9]*\\{");

    private static final String PERSONA = "{persona}";
    private static final String INDEX = "{index}";

    /** @throws IllegalArgumentException if the value does not have this form */
    public KeyTemplate {
        if (!isValid(value)) {
            throw new IllegalArgumentException("The template of keys is '" + value + "'; it must be " + FORM);
        }
    }

    static boolean isValid(String value) {
        var folder = folder(value);
        return value.contains(PERSONA)
                && value.contains(INDEX)
                && !AMBIGUOUS.matcher(value).find()
                && !folder.isEmpty()
                && !folder.startsWith("jobs/")
                && !folder.startsWith("files/")
                && ObjectKey.parse(filled(value, "a", 0)).isPresent();
    }

    /**
     * The key of an image of a persona.
     *
     * @param persona the client's own id of the persona, a part of a key
     * @param index number of the image, from 0
     * @throws IllegalArgumentException if it would be no key
     */
    public ObjectKey key(String persona, int index) {
        return new ObjectKey(filled(value, persona, index));
    }

    /**
     * The key of an image that is published under a beginning that the client chose; empty if the beginning is not inside of {@link #folder}, or if it
     * would be no key.
     *
     * @param beginning such as {@code avatars/42/img}, for {@code avatars/42/img_0.png}
     */
    public Optional<ObjectKey> keyBelow(String beginning, int index) {
        return beginning.startsWith(folder()) && beginning.length() > folder().length()
                ? ObjectKey.parse(beginning + "_" + index + ".png")
                : Optional.empty();
    }

    /** The folder that contains all published images, such as {@code avatars/}. */
    public String folder() {
        return folder(value);
    }

    private static String folder(String template) {
        int literal = template.indexOf('{');
        return template.substring(0, template.lastIndexOf('/', Math.max(0, literal)) + 1);
    }

    private static String filled(String template, String persona, int index) {
        return template.replace(INDEX, Integer.toString(index)).replace(PERSONA, persona);
    }
}
