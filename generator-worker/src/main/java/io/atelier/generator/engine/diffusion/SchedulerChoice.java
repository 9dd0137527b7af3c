package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The schedulers that a request can name in place of the model's own. */
final class SchedulerChoice {

    /** The ending of schedulers with the noise levels of Karras and others (2022). */
    private static final String KARRAS = "-karras";

    private SchedulerChoice() {}

    /** The words for the models of a family. Models that were trained by flow matching have no choice. */
    static List<String> words(PipelineFamily family) {
        return switch (family) {
            case STABLE_DIFFUSION, STABLE_DIFFUSION_XL, LATENT_CONSISTENCY ->
                Stream.concat(
                                Stream.of(SchedulerKind.values())
                                        .filter(kind -> !kind.flowMatching())
                                        .map(SchedulerKind::requestName),
                                Stream.of(SchedulerKind.EULER, SchedulerKind.DPM_SOLVER_MULTISTEP)
                                        .map(kind -> kind.requestName() + KARRAS))
                        .toList();
            case STABLE_DIFFUSION_3, FLUX, POCKET -> List.of();
        };
    }

    /**
     * The scheduler of a run.
     *
     * @param word null for the model's own
     * @throws GenerationFailed if the model cannot be used with it
     */
    static SchedulerConfig of(SchedulerConfig own, PipelineFamily family, @Nullable String word) {
        if (word == null) {
            return own;
        }
        boolean isKarras = word.endsWith(KARRAS);
        var kind = SchedulerKind.named(isKarras ? word.substring(0, word.length() - KARRAS.length()) : word);
        return Optional.of(word)
                .filter(words(family)::contains)
                .flatMap(known -> kind)
                .map(found -> own.withKind(found).withKarrasSigmas(isKarras))
                .orElseThrow(() -> new GenerationFailed(new Failure(
                        Code.REQUEST_REJECTED,
                        "This model has no scheduler '%s'; it has: %s. Name one of them, or leave it out for the model's own."
                                .formatted(word, String.join(", ", words(family))))));
    }
}
