package io.atelier.gateway.view.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.work.LocalModel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The JSON of whether a model that workers run themselves is in the memory of one. */
@Schema(name = "ModelLoad")
public record ModelLoad(
        @Schema(
                description =
                        "loaded: a live worker has it in memory; loading: one is loading it; available: the next job loads it",
                allowableValues = {"available", "loading", "loaded"})
        String state,

        @Schema(description = "The estimated part that is in memory, 0 to 1; left out unless it is being loaded")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Double progress,

        @Schema(
                description =
                        "The estimated seconds until it is loaded; left out if it is not being loaded, or there is nothing to estimate it from")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Long etaSeconds) {

    private static final String LOADED = "loaded";
    private static final String LOADING = "loading";

    /** The worker that can begin soonest comes first. */
    public static final Comparator<ModelLoad> SOONEST_FIRST = Comparator.<ModelLoad>comparingInt(ModelLoad::rank)
            .thenComparing(Comparator.comparingDouble((ModelLoad load) -> load.progress == null ? 0 : load.progress)
                    .reversed());

    /** The model as one worker announces it. */
    public static ModelLoad of(LocalModel announced) {
        var loading = announced.loading();
        if (announced.loaded()) {
            return new ModelLoad(LOADED, null, null);
        }
        return loading == null
                ? new ModelLoad("available", null, null)
                : new ModelLoad(LOADING, loading.progress(), loading.etaSeconds());
    }

    /** Whether a worker has it in memory, or will have soon. */
    public boolean held() {
        return rank(this) < 2;
    }

    private static int rank(ModelLoad load) {
        return switch (load.state) {
            case LOADED -> 0;
            case LOADING -> 1;
            default -> 2;
        };
    }
}
