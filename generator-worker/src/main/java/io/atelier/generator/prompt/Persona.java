package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Data about the person whom the images are to show.
 *
 * @param fields the seven of {@link #FIELDS}; values may be empty
 */
record Persona(Map<String, String> fields) {

    static final List<String> FIELDS =
            List.of("firstname", "lastname", "gender", "bio_facebook", "bio_instagram", "bio_x", "bio_tiktok");

    /** @throws GenerationFailed with the names of all missing fields */
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

    /** Without the data, which must not be logged. */
    @Override
    public String toString() {
        return "Persona";
    }
}
