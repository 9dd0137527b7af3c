package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of what a job makes for a person: without the person's texts, which only workers read. */
@Schema(name = "Avatar")
record AvatarObject(
        @Schema(description = "The person; null if the request named none, and after an erasure") @Nullable
        PersonaReference persona,

        @Schema(description = "The number of images; 0 if the job only writes a prompt")
        int images,

        @Schema(description = "Whether each grid has a prompt of its own")
        boolean distinctPrompts,

        @ArraySchema(
                arraySchema = @Schema(description = "What the job does, in this order"),
                schema = @Schema(allowableValues = {"prompt", "base", "grid", "split", "publish"}))
        List<String> steps,

        @Schema(description = "The base image of the request; left out if the job makes one")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        RequestEcho.@Nullable Image base,

        @Schema(description = "The image of the face; left out if there is none")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        RequestEcho.@Nullable Image face,

        @Schema(description = "The prompts of the grids, as far as they are written")
        List<Prompt> prompts) {

    /** What {@link Prompt#by} says of a prompt that was in the request. */
    private static final String CLIENT = "client";

    static @Nullable AvatarObject of(Job job, ApiPaths paths) {
        var avatar = job.request().avatar();
        if (avatar == null) {
            return null;
        }
        return new AvatarObject(
                avatar.personaId() == null ? null : new PersonaReference(avatar.personaId()),
                avatar.images(),
                avatar.distinctPrompts(),
                avatar.steps().stream().map(AvatarStep::word).toList(),
                avatar.base() == null ? null : RequestEcho.Image.of(avatar.base()),
                avatar.face() == null ? null : RequestEcho.Image.of(avatar.face()),
                avatar.prompt() == null
                        ? written(job, paths)
                        : List.of(new Prompt(0, CLIENT, paths.prompt(job.id(), 0))));
    }

    private static List<Prompt> written(Job job, ApiPaths paths) {
        return job.prompts().stream()
                .map(prompt -> new Prompt(prompt.index(), prompt.by(), paths.prompt(job.id(), prompt.index())))
                .toList();
    }

    /** A person, by the client's own id. */
    @Schema(name = "PersonaReference")
    record PersonaReference(@Schema(example = "42") String id) {}

    /** A prompt, whose text is at a path of its own. */
    @Schema(name = "AvatarPrompt")
    record Prompt(
            @Schema(description = "Its number; with distinct prompts that of the grid")
            int index,

            @Schema(
                    description = "What wrote it: flowise, template or client; more values may come",
                    example = "template")
            String by,

            @Schema(example = "/v1/generations/gen_06dahq1v1tw0f8v0sjy2m7sqs0/prompts/0")
            String url) {}
}
