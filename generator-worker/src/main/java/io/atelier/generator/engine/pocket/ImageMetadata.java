package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.pocket.text.PromptFamiliarity.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** What is to be said of a drawn picture: how it was made, and honestly what to expect of it. */
record ImageMetadata(PocketRequest drawing, boolean truncated, Nearest nearest) {

    /** Below it the model does not know what the prompt speaks of; found by trying prompts. */
    private static final double FAMILIAR = 0.45;

    private static final String UNFAMILIAR = "pocket is a small model and does not know what this prompt speaks of;"
            + " the nearest thing it knows is \"%s\". Ask for one thing by its name, or connect a larger model.";
    private static final String CUT_OFF = "pocket reads about 60 words; the rest of the prompt was left out.";

    Map<String, String> byName() {
        var notes = new HashMap<String, String>();
        notes.put("model", "pocket");
        notes.put("native_size", "%1$dx%1$d".formatted(Upsampler.SIDE));
        notes.put("steps", String.valueOf(drawing.steps()));
        notes.put("guidance_scale", String.valueOf(drawing.guidance()));
        String warning = warning();
        if (!warning.isEmpty()) {
            notes.put(GeneratedImage.WARNING, warning);
        }
        return notes;
    }

    private String warning() {
        var warnings = new ArrayList<String>();
        if (nearest.cosine() < FAMILIAR) {
            warnings.add(UNFAMILIAR.formatted(nearest.name()));
        }
        if (truncated) {
            warnings.add(CUT_OFF);
        }
        return String.join(" ", warnings);
    }
}
