package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.scheduler.training.KarrasSigmas;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of a model: the fields of its {@code scheduler_config.json} and the method to use them with. The method is that of the file, or
 * that of a request. Immutable.
 */
public final class SchedulerConfig {

    private static final String CLASS_NAME = "_class_name";

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
        String name = fields.text(CLASS_NAME, "");
        if (name.isEmpty()) {
            throw fields.missing(CLASS_NAME);
        }
        // The noise levels of EDM are not those that betas give, so no other method can take its place.
        if (name.startsWith("EDM")) {
            throw fields.unsupported(CLASS_NAME, name, List.of("schedulers with betas or flow matching"));
        }
        var supported = SchedulerKind.ofClass(name).filter(kind -> isSupported(kind, fields));
        var config = supported
                .map(kind -> new SchedulerConfig(kind, fields, null))
                .orElseGet(() -> new SchedulerConfig(replacement(name), fields, name));
        // Unsupported fields are reported when the model is loaded, not with the first request.
        config.kind.schedule(fields, 1, 1);
        return config;
    }

    private static boolean isSupported(SchedulerKind kind, SchedulerFields fields) {
        return kind != SchedulerKind.PNDM || fields.flag("skip_prk_steps", false);
    }

    private static SchedulerKind replacement(String className) {
        return className.startsWith("FlowMatch") ? SchedulerKind.FLOW_MATCH_EULER : SchedulerKind.DPM_SOLVER_MULTISTEP;
    }

    /** The method. */
    public SchedulerKind kind() {
        return kind;
    }

    /**
     * The class that the file names, if it is not supported and {@link #kind()} is used in its place; the user should know. Also PNDM with
     * Runge-Kutta steps.
     */
    public Optional<String> replacedClass() {
        return Optional.ofNullable(replaced);
    }

    /** The largest number of steps of a run. */
    public int maxSteps() {
        return kind == SchedulerKind.LCM ? LcmScheduler.distilledSteps(fields) : TrainingNoise.timesteps(fields);
    }

    /**
     * The same training of the model with another method.
     *
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if the model does not work with that method
     */
    public SchedulerConfig withKind(SchedulerKind other) {
        if (other.flowMatching() != kind.flowMatching()) {
            throw rejected("The scheduler %s does not work with this model. Allowed: %s."
                    .formatted(
                            other.requestName(),
                            Stream.of(SchedulerKind.values())
                                    .filter(allowed -> allowed.flowMatching() == kind.flowMatching())
                                    .map(SchedulerKind::requestName)
                                    .collect(Collectors.joining(", "))));
        }
        return new SchedulerConfig(other, fields.ofRequest(), null);
    }

    /** The same with or without the noise levels of Karras et al. (2022), which Euler's method and DPM-Solver++ can use. */
    public SchedulerConfig withKarrasSigmas(boolean karras) {
        return new SchedulerConfig(kind, fields.with(KarrasSigmas.FIELD, karras), replaced);
    }

    /**
     * The schedule of a new run.
     *
     * @param steps 1 to {@link #maxSteps()}
     * @param imageTokens FLUX only: the number of packed latents of one image, which move its noise levels; 0 for all other families
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if the method cannot make so many steps
     */
    public Scheduler schedule(int steps, int imageTokens) {
        if (steps < 1 || steps > maxSteps()) {
            throw rejected("The scheduler %s makes 1 to %d steps with this model, but %d were requested."
                    .formatted(kind.requestName(), maxSteps(), steps));
        }
        return kind.schedule(fields, steps, imageTokens);
    }

    /**
     * The schedule of {@link SchedulerKind#LCM} for a change of an image: all steps are made, between the last of the timesteps, as in diffusers'
     * pipelines of latent consistency models.
     *
     * @param strength share of the timesteps, more than 0 to 1
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if the share has fewer timesteps than steps
     */
    public Scheduler scheduleOfChange(int steps, double strength) {
        int distilled = (int) (LcmScheduler.distilledSteps(fields) * strength);
        if (steps < 1 || steps > distilled) {
            throw rejected("With a strength of %s the scheduler %s makes at most %d steps, but %d were requested."
                    .formatted(strength, kind.requestName(), distilled, steps));
        }
        return LcmScheduler.of(fields, steps, distilled);
    }

    private static GenerationFailed rejected(String message) {
        return new GenerationFailed(new Failure(Failure.Code.REQUEST_REJECTED, message));
    }
}
