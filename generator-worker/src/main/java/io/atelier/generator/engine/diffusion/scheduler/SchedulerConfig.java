package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of a model: the fields of its {@code scheduler_config.json} and the method to use them with. The method is that of the file, or
 * that of a request. Immutable.
 */
public final class SchedulerConfig {

    private static final String KARRAS = "use_karras_sigmas";

    private final SchedulerKind kind;
    private final SchedulerFields fields;
    private final @Nullable String replaced;

    private SchedulerConfig(SchedulerKind kind, SchedulerFields fields, @Nullable String replaced) {
        this.kind = kind;
        this.fields = fields;
        this.replaced = replaced;
    }

    /**
     * Reads a {@code scheduler_config.json}.
     *
     * @throws GenerationFailed if it cannot be read or asks for what is not supported; the message names the file and the field
     */
    public static SchedulerConfig read(Path file) {
        return of(SchedulerFields.read(file));
    }

    /** Does the same as {@link #read} with the text of a file. */
    public static SchedulerConfig parse(String json) {
        return of(SchedulerFields.parse("scheduler_config.json", json));
    }

    private static SchedulerConfig of(SchedulerFields fields) {
        throw new UnsupportedOperationException("under construction");
    }

    /** The method. */
    public SchedulerKind kind() {
        return kind;
    }

    /** The class that the file names, if it is not supported and another method is used in its place; tell the user. */
    public Optional<String> replacedClass() {
        return Optional.ofNullable(replaced);
    }

    /**
     * The same training of the model with another method.
     *
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if the model does not work with that method
     */
    public SchedulerConfig withKind(SchedulerKind other) {
        throw new UnsupportedOperationException("under construction");
    }

    /** The same with or without the noise levels of Karras et al. (2022); of effect on Euler's method and DPM-Solver++. */
    public SchedulerConfig withKarrasSigmas(boolean karras) {
        return new SchedulerConfig(kind, fields.with(KARRAS, karras), replaced);
    }

    /**
     * The schedule of a new run.
     *
     * @param steps 1 to 1000, with LCM to 50
     * @param imageTokens FLUX only: the number of packed latents of one image, which move its noise levels; 0 for all other families
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if the method cannot make so many steps
     */
    public Scheduler schedule(int steps, int imageTokens) {
        throw new UnsupportedOperationException("under construction");
    }
}
