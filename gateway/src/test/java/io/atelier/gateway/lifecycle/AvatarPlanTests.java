package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.AvatarFixtures.FACE;
import static io.atelier.gateway.lifecycle.AvatarFixtures.GIVEN_BASE;
import static io.atelier.gateway.lifecycle.AvatarFixtures.GIVEN_PROMPT;
import static io.atelier.gateway.lifecycle.AvatarFixtures.avatar;
import static io.atelier.gateway.lifecycle.AvatarFixtures.distinct;
import static io.atelier.gateway.lifecycle.AvatarFixtures.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AvatarPlanTests {

    private static final List<AvatarStep> ALL = List.of(AvatarStep.values());

    @Test
    void gridNeedsTheBaseImageAndTheOnlyPrompt() {
        assertThat(plan(avatar(8)))
                .extracting(
                        PlannedTask::name, PlannedTask::kind, PlannedTask::step, PlannedTask::index, PlannedTask::needs)
                .containsExactly(
                        tuple("prompt-0", Kind.PROMPT, AvatarStep.PROMPT, 0, List.of()),
                        tuple("base", Kind.GENERATE, AvatarStep.BASE, 0, List.of()),
                        tuple("grid-0", Kind.GENERATE, AvatarStep.GRID, 0, List.of("base", "prompt-0")),
                        tuple("grid-1", Kind.GENERATE, AvatarStep.GRID, 1, List.of("base", "prompt-0")),
                        tuple("split-0", Kind.SPLIT, AvatarStep.SPLIT, 0, List.of("grid-0")),
                        tuple("split-1", Kind.SPLIT, AvatarStep.SPLIT, 1, List.of("grid-1")),
                        tuple("publish", Kind.PUBLISH, AvatarStep.PUBLISH, 0, List.of("split-0", "split-1")));
    }

    @Test
    void distinctPromptNeedsAllEarlierOnes() {
        var plan = plan(distinct(12));

        assertThat(plan.subList(0, 3))
                .extracting(PlannedTask::name, PlannedTask::needs)
                .containsExactly(
                        tuple("prompt-0", List.of()),
                        tuple("prompt-1", List.of("prompt-0")),
                        tuple("prompt-2", List.of("prompt-0", "prompt-1")));
        assertThat(plan.get(5).needs()).containsExactly("base", "prompt-1");
    }

    @Test
    void largestAvatarHasSeventeenTasks() {
        assertThat(plan(distinct(AvatarSpec.MAX_IMAGES))).hasSize(17);
    }

    @Test
    void givenPromptIsInTheGridsAndNoTaskWritesOne() {
        var plan = plan(avatar(4, false, ALL.subList(1, 5)));

        assertThat(plan).extracting(PlannedTask::name).containsExactly("base", "grid-0", "split-0", "publish");
        assertThat(plan.get(1).needs()).containsExactly("base");
        assertThat(avatarOf(plan.get(1)).prompt()).isEqualTo(GIVEN_PROMPT);
    }

    @Test
    void givenBaseImageIsTheSourceOfTheGridsAndNoTaskMakesOne() {
        var plan = plan(
                avatar(4, false, List.of(AvatarStep.PROMPT, AvatarStep.GRID, AvatarStep.SPLIT, AvatarStep.PUBLISH)));

        assertThat(plan).extracting(PlannedTask::name).containsExactly("prompt-0", "grid-0", "split-0", "publish");
        assertThat(plan.get(1).needs()).containsExactly("prompt-0");
        assertThat(plan.get(1).request().images()).containsExactly(GIVEN_BASE);
    }

    @Test
    void gridsAreFirstIfPromptAndBaseImageAreGiven() {
        var plan = plan(avatar(8, false, ALL.subList(2, 5)));

        assertThat(plan.subList(0, 2)).allSatisfy(grid -> {
            assertThat(grid.isFirst()).isTrue();
            assertThat(grid.request().images()).containsExactly(GIVEN_BASE);
            assertThat(avatarOf(grid).prompt()).isEqualTo(GIVEN_PROMPT);
        });
    }

    @Test
    void eachStepAloneIsOneTask() {
        for (var step : List.of(AvatarStep.PROMPT, AvatarStep.BASE, AvatarStep.GRID, AvatarStep.PUBLISH)) {
            int images = step == AvatarStep.PROMPT ? 0 : 1;

            assertThat(plan(avatar(images, false, List.of(step))))
                    .singleElement()
                    .satisfies(task -> {
                        assertThat(task.step()).isEqualTo(step);
                        assertThat(task.isFirst()).isTrue();
                    });
        }
    }

    @Test
    void baseImageIsNoGridAndShowsTheFace() {
        var base = plan(distinct(4)).get(1);

        assertThat(base.request().grid()).isNull();
        assertThat(base.request().images()).containsExactly(FACE);
        assertThat(base.request().seed()).isEqualTo(70);
        assertThat(base.request().model()).isEqualTo("test-card");
        assertThat(plan(avatar(4)).get(1).request().images()).isEmpty();
    }

    @Test
    void eachGridHasASeedOfItsOwnAndPerhapsAnotherModel() {
        var grids = Stream.of(avatar(8), distinct(8))
                .flatMap(avatar -> plan(avatar).stream())
                .filter(task -> task.step() == AvatarStep.GRID);

        assertThat(grids)
                .extracting(
                        task -> task.request().seed(),
                        task -> task.request().model(),
                        task -> task.request().pool())
                .containsExactly(
                        tuple(71L, "test-card", "default"),
                        tuple(72L, "test-card", "default"),
                        tuple(71L, "painter", "far"),
                        tuple(72L, "painter", "far"));
    }

    @Test
    void noTaskFallsBackToAModelThatWouldMakeAnotherPerson() {
        var plain = requested(avatar(4));
        var fallback = new Fallback("b", null, "b", "far", null, null, new ImageSize(64, 64));
        var request = plain.request().toBuilder()
                .routing(new Routing("vendor/a", List.of(fallback)))
                .build();

        assertThat(TaskPlan.ofRequests().tasks(plain.with(request)))
                .filteredOn(task -> task.kind() == Kind.GENERATE)
                .hasSize(2)
                .allSatisfy(task -> {
                    assertThat(task.request().fallbacks()).isEmpty();
                    assertThat(task.request().engineModel()).isEqualTo("vendor/a");
                });
    }

    @Test
    void splitOfAnAvatarMustSucceed() {
        assertThat(plan(avatar(4))).noneMatch(PlannedTask::isOptional);
    }

    @Test
    void noTaskHasTheNameOfTheSubmission() {
        assertThat(TaskPlan.nameOf(requested(avatar(4)).request())).isEqualTo("avatar");
        assertThat(plan(distinct(20))).extracting(PlannedTask::name).doesNotContain("avatar");
    }

    @RepeatedTest(50)
    void redactedRequestHasTheSamePlan(RepetitionInfo repetition) {
        var request = requested(AvatarFixtures.random(new Random(repetition.getCurrentRepetition())));
        var redacted = request.with(request.request().redacted());

        assertThat(TaskPlan.ofRequests().tasks(redacted))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("request")
                .isEqualTo(TaskPlan.ofRequests().tasks(request));
        assertThat(TaskPlan.ofRequests().tasks(redacted)).allSatisfy(task -> {
            assertThat(task.request().images()).isEmpty();
            assertThat(avatarOf(task).persona()).isNull();
        });
    }

    private static List<PlannedTask> plan(AvatarSpec avatar) {
        return TaskPlan.ofRequests().tasks(requested(avatar));
    }

    private static AvatarSpec avatarOf(PlannedTask task) {
        GenerationRequest request = task.request();
        return Objects.requireNonNull(request.avatar());
    }
}
