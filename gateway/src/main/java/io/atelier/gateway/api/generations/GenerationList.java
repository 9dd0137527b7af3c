package io.atelier.gateway.api.generations;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a page of jobs, in the format of OpenAI's paginated lists. */
@Schema(name = "GenerationList")
record GenerationList(
        @Schema(allowableValues = "list") String object,
        List<Generation> data,

        @Schema(description = "Whether there are more in the requested direction")
        boolean hasMore,

        @Schema(description = "The cursor for 'before'") @Nullable
        String firstId,

        @Schema(description = "The cursor for 'after'") @Nullable
        String lastId) {

    static GenerationList of(List<Generation> page, boolean hasMore) {
        return page.isEmpty()
                ? new GenerationList("list", page, hasMore, null, null)
                : new GenerationList(
                        "list",
                        page,
                        hasMore,
                        page.get(0).id(),
                        page.get(page.size() - 1).id());
    }
}
