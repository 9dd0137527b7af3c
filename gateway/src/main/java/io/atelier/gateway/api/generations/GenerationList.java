package io.atelier.gateway.api.generations;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a page of jobs, in the form over which clients of OpenAI's API can walk. */
@Schema(name = "GenerationList")
record GenerationList(
        @Schema(allowableValues = "list") String object,
        List<Generation> data,

        @Schema(description = "Whether there are others beyond, in the direction asked for")
        boolean hasMore,

        @Schema(description = "For 'before'") @Nullable String firstId,

        @Schema(description = "For 'after'") @Nullable String lastId) {

    static GenerationList of(List<Generation> page, boolean more) {
        return page.isEmpty()
                ? new GenerationList("list", page, more, null, null)
                : new GenerationList(
                        "list",
                        page,
                        more,
                        page.get(0).id(),
                        page.get(page.size() - 1).id());
    }
}
