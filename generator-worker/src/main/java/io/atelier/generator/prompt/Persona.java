package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of the person whom a picture is to show.
 *
 * @param fields the seven of {@link #FIELDS}; values may be empty
 */
record Persona(Map<String, String> fields) {

    static final List<String> FIELDS =
            List.of("firstname", "lastname", "gender", "bio_facebook", "bio_instagram", "bio_x", "bio_tiktok");

    /** @throws GenerationFailed with all fields that are missing */
    Persona {
        var given = fields;
        var missing = FIELDS.stream().filter(name -> !given.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            throw new GenerationFailed(
                    new Failure(Failure.Code.REQUEST_REJECTED, "Missing required person data fields: " + missing));
        }
        var known = new LinkedHashMap<String, String>();
        FIELDS.forEach(name -> known.put(name, given.getOrDefault(name, "")));
        fields = Map.copyOf(known);
    }

    /** Nobody's words in logs. */
    @Override
    public String toString() {
        return "Persona";
    }
}
