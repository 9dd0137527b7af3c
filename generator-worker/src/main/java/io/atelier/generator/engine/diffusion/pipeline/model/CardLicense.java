package io.atelier.generator.engine.diffusion.pipeline.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The license in the page of a model for people, {@code README.md}: its first lines between two lines of dashes are for programs. */
public final class CardLicense {

    private static final String CARD = "README.md";
    private static final Pattern FRONT_MATTER = Pattern.compile("\\A\\uFEFF?---\\R(.*?)\\R---", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("^(license|license_name):[ \\t]*(?:\\R[ \\t]*-[ \\t]+)?(\\S.*)$", Pattern.MULTILINE);

    private CardLicense() {}

    /** The license that the card in a model folder names; empty if there is none. */
    public static Optional<String> in(Path folder) throws IOException {
        var card = folder.resolve(CARD);
        return Files.isRegularFile(card) ? of(Files.readString(card)) : Optional.empty();
    }

    /** The license that a card names; empty if it names none. */
    public static Optional<String> of(String card) {
        var front = FRONT_MATTER.matcher(card);
        if (!front.find()) {
            return Optional.empty();
        }
        return of(field(front.group(1), "license"), field(front.group(1), "license_name"));
    }

    /**
     * The license of a model by two fields of its card.
     *
     * @param license an id, such as {@code apache-2.0}, or {@code other}
     * @param name the name of a license that has no id
     */
    public static Optional<String> of(String license, String name) {
        return license.isBlank() || (license.equals("other") && !name.isBlank())
                ? Optional.of(name).filter(text -> !text.isBlank())
                : Optional.of(license);
    }

    private static String field(String front, String name) {
        return FIELD.matcher(front)
                .results()
                .filter(field -> field.group(1).equals(name))
                .map(field -> field.group(2).strip().replaceAll("^(['\"])(.*)\\1$", "$2"))
                .findFirst()
                .orElse("");
    }
}
