package io.atelier.gateway.api.request;

import io.atelier.contract.job.Persona;
import io.atelier.gateway.api.problem.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads the field {@code persona}. No error contains a value of it. */
final class PersonaFields {

    static final String FIELD = "persona";

    private static final String ID = "id";
    private static final String AGE = "age";
    private static final String ETHNICITY = "ethnicity";
    private static final Pattern ID_FORM = Pattern.compile(RequestLimits.PERSONA_ID);
    private static final String ALLOWED_ID =
            "Must be a text or a whole number of 1 to 64 characters A-Z a-z 0-9 . _ -, of which the first is none of . _ -.";
    private static final List<String> WORDS = List.of("firstname", "lastname", "gender");
    private static final List<String> BIOS = List.of("bio_facebook", "bio_instagram", "bio_x", "bio_tiktok");

    private static final String EXPECTED = "an object with %s and, if you like, %s and %s"
            .formatted(
                    Stream.of(List.of(ID), WORDS, BIOS).flatMap(List::stream).collect(Collectors.joining(", ")),
                    ETHNICITY,
                    AGE);

    private final JsonFields persona;

    private PersonaFields(JsonFields persona) {
        this.persona = persona;
    }

    /** Adds an error for each field that the form does not describe. Of a field of a persona, it names the right place. */
    static void allowOnly(JsonFields fields, Class<? extends Record> form) {
        var known = JsonFields.names(form);
        for (var name : fields.names()) {
            if (known.contains(FIELD)
                    && !known.contains(name)
                    && JsonFields.names(PersonaForm.class).contains(name)) {
                fields.error(name, "Belongs to 'persona': {\"persona\": {\"%s\": ...}}.".formatted(name));
            } else if (!known.contains(name)) {
                fields.error(name, NearestName.detail("field", name, known));
            }
        }
    }

    /** The persona of a request; empty after an error. */
    static Optional<Persona> read(JsonFields fields) {
        if (!fields.has(FIELD)) {
            fields.error(FIELD, "Is missing: give the person, %s.".formatted(EXPECTED));
        }
        return fields.object(FIELD).map(PersonaFields::new).flatMap(PersonaFields::read);
    }

    /** The personas of a batch, at least one; those that are wrong are left out. */
    static List<Persona> readAll(JsonFields fields, String name) {
        int max = RequestLimits.MAX_BATCH_PERSONAS;
        if (!fields.has(name)) {
            fields.error(name, "Is missing: list 1 to %d persons, each %s.".formatted(max, EXPECTED));
        }
        var personas = new ArrayList<Persona>();
        var ids = new HashSet<String>();
        for (var item : fields.objects(name, 1, max)) {
            new PersonaFields(item).read().ifPresent(persona -> {
                personas.add(persona);
                if (!ids.add(persona.id())) {
                    item.error(ID, "Another person before has this id. Give each person once.");
                }
            });
        }
        return personas;
    }

    private Optional<Persona> read() {
        persona.allowOnly(PersonaForm.class, Set.of());
        if (!persona.has(ID)) {
            persona.error(ID, "Is missing: give your own id of the person, such as 42.");
        }
        var id = id(persona, ID);
        var words = texts(WORDS, RequestLimits.MAX_PERSONA_WORD_LENGTH);
        var bios = texts(BIOS, RequestLimits.MAX_BIO_LENGTH);
        var ethnicity = persona.text(ETHNICITY, 0, RequestLimits.MAX_PERSONA_WORD_LENGTH)
                .filter(text -> !VisibleText.isBlank(text));
        var age = persona.integer(AGE, 0, RequestLimits.MAX_AGE).map(Long::intValue);
        if (id.isEmpty() || words.size() < WORDS.size() || bios.size() < BIOS.size()) {
            return Optional.empty();
        }
        return Optional.of(new Persona(
                id.get(),
                words.get(0),
                words.get(1),
                words.get(2),
                bios.get(0),
                bios.get(1),
                bios.get(2),
                bios.get(3),
                ethnicity.orElse(null),
                age.orElse(null)));
    }

    /** The id of a persona in a field; empty after an error, and if the field is absent. */
    static Optional<String> id(JsonFields fields, String name) {
        var value = fields.value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        // A whole number in any notation is the same id: 42 and 42.0.
        var id = value.filter(JsonNode::isNumber).isPresent()
                ? fields.with(new ValidationErrors())
                        .integer(name, 0, RequestLimits.MAX_SEED)
                        .map(number -> Long.toString(number))
                : value.filter(JsonNode::isString).map(JsonNode::stringValue);
        if (id.filter(text -> ID_FORM.matcher(text).matches()).isEmpty()) {
            fields.error(name, ALLOWED_ID);
            return Optional.empty();
        }
        return id;
    }

    /** The texts of these fields, without those that are missing or wrong. */
    private List<String> texts(List<String> names, int max) {
        for (var name : names) {
            if (!persona.has(name)) {
                persona.error(name, "Is missing: give the text, or \"\" if there is none.");
            }
        }
        return names.stream()
                .flatMap(name -> persona.text(name, 0, max).stream())
                .toList();
    }
}
