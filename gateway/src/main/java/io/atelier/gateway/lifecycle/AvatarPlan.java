package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Source;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of an avatar. The prompts and the base image are made at the same time, then each grid from both, then the grids are cut, and at
 * last all images are published.
 *
 * <p>Which tasks there are follows from what an erasure keeps of the request. The tasks are in the order of their stages: a task makes only such
 * tasks due as follow it in the plan, so that the stage of a job never goes back.
 */
final class AvatarPlan {

    /** The name of the task that makes the base image. */
    static final String BASE = "base";

    /** The name of the task that copies the images to their public keys. */
    static final String PUBLISH = "publish";

    private final GenerationRequest request;
    private final AvatarSpec avatar;
    private final List<PlannedTask> tasks = new ArrayList<>();

    private AvatarPlan(GenerationRequest request, AvatarSpec avatar) {
        this.request = request;
        this.avatar = avatar;
    }

    /**
     * The tasks for a request, each after those that it needs.
     *
     * @param request request of the client
     * @param avatar avatar of the request
     */
    static List<PlannedTask> tasks(GenerationRequest request, AvatarSpec avatar) {
        var plan = new AvatarPlan(request, avatar);
        for (int i = 0; i < plan.prompts(); i++) {
            // Each prompt differs from all earlier ones, so it needs them.
            plan.add(prompt(i), Kind.PROMPT, AvatarStep.PROMPT, i, names("prompt-", i), request);
        }
        if (avatar.does(AvatarStep.BASE)) {
            plan.add(BASE, Kind.GENERATE, AvatarStep.BASE, 0, List.of(), plan.baseRequest());
        }
        for (int i = 0; i < plan.number(AvatarStep.GRID); i++) {
            plan.add(grid(i), Kind.GENERATE, AvatarStep.GRID, i, plan.needsOfGrid(i), plan.gridRequest(i));
        }
        for (int i = 0; i < plan.number(AvatarStep.SPLIT); i++) {
            var needs = avatar.does(AvatarStep.GRID) ? List.of(grid(i)) : List.<String>of();
            plan.add(split(i), Kind.SPLIT, AvatarStep.SPLIT, i, needs, request);
        }
        if (avatar.does(AvatarStep.PUBLISH)) {
            var needs = names("split-", plan.number(AvatarStep.SPLIT));
            plan.add(PUBLISH, Kind.PUBLISH, AvatarStep.PUBLISH, 0, needs, request);
        }
        return List.copyOf(plan.tasks);
    }

    static String prompt(int index) {
        return "prompt-" + index;
    }

    static String grid(int index) {
        return "grid-" + index;
    }

    static String split(int index) {
        return "split-" + index;
    }

    /** The stage of an avatar while a worker runs a task of a step. */
    static String stage(AvatarStep step) {
        return switch (step) {
            case PROMPT -> "prompting";
            case BASE -> "drawing-base";
            case GRID -> "drawing-grids";
            case SPLIT -> "splitting";
            case PUBLISH -> "publishing";
        };
    }

    private void add(
            String name, Kind kind, AvatarStep step, int index, List<String> needs, GenerationRequest taskRequest) {
        tasks.add(new PlannedTask(name, kind, step, index, needs, taskRequest));
    }

    private static List<String> names(String prefix, int number) {
        return IntStream.range(0, number).mapToObj(i -> prefix + i).toList();
    }

    /** The number of tasks of a step that each grid has one of. */
    private int number(AvatarStep step) {
        return avatar.does(step) ? avatar.grids() : 0;
    }

    private int prompts() {
        return avatar.distinctPrompts() ? number(AvatarStep.PROMPT) : Math.min(1, number(AvatarStep.PROMPT));
    }

    private List<String> needsOfGrid(int index) {
        var base = avatar.does(AvatarStep.BASE) ? Stream.of(BASE) : Stream.<String>empty();
        var prompt = Stream.of(prompt(avatar.distinctPrompts() ? index : 0));
        return Stream.concat(base, avatar.does(AvatarStep.PROMPT) ? prompt : Stream.empty())
                .toList();
    }

    private GenerationRequest baseRequest() {
        return ofOneModel(
                request.toBuilder().grid(null).images(sources(avatar.face())).build());
    }

    /** The request of a grid. Of an avatar that makes its base image, {@link NextTasks} adds it. */
    private GenerationRequest gridRequest(int index) {
        var grid = ofOneModel(request.toBuilder()
                .seed(request.seed() + 1 + index)
                .images(sources(avatar.base()))
                .build());
        return avatar.gridModel() == null ? grid : grid.withModel(avatar.gridModel());
    }

    private static List<Source> sources(@Nullable Source source) {
        return source == null ? List.of() : List.of(source);
    }

    /** Another model would make another person. */
    private static GenerationRequest ofOneModel(GenerationRequest request) {
        var routing = request.routing();
        return routing == null || routing.fallbacks().isEmpty()
                ? request
                : request.toBuilder()
                        .routing(new Routing(routing.engineModel(), List.of()))
                        .build();
    }
}
