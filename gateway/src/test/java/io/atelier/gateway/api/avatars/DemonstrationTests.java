package io.atelier.gateway.api.avatars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.gateway.SampleModels;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemonstrationTests {

    private final WorkerRegistry workers = new WorkerRegistry(Clock.systemUTC());
    private final Demonstration demonstration =
            new Demonstration(workers, new Catalogue("pocket", List.of(SampleModels.pocket())));

    @Test
    void aRequestWithoutAModelIsRefusedUntilAWorkerHasReportedItsEngines() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> demonstration.inPlaceOf(request(Catalogue.AUTO)))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(ProblemKind.STARTING))
                .withMessageContaining("'openai'");

        workers.put(SampleWorkers.splitter("splitter-1"), Instant.now());

        assertThatExceptionOfType(Problem.class).isThrownBy(() -> demonstration.inPlaceOf(request(Catalogue.AUTO)));
    }

    @Test
    void aWorkerThatIsGoneDecidesAsWell() {
        workers.put(SampleWorkers.leaving("generator-1", "remote", "openai"), Instant.now());
        var request = request(Catalogue.AUTO);

        assertThat(demonstration.inPlaceOf(request)).isSameAs(request);
    }

    @Test
    void aNamedModelNeedsNoReport() {
        var request = request("gpt-image-1.5");

        assertThat(demonstration.inPlaceOf(request)).isSameAs(request);
    }

    @Test
    void withoutTestCardsThereIsNoDemonstration() {
        var missing = new EngineState("openai", EngineState.NOT_CONFIGURED, "Set OPENAI_API_KEY.");
        workers.put(SampleWorkers.withState("generator-1", "remote", missing), Instant.now());
        var request = request(Catalogue.AUTO);

        assertThat(demonstration.inPlaceOf(request)).isSameAs(request);
    }

    private static ParsedRequest request(String requestedModel) {
        var request = GenerationRequest.builder()
                .prompt("")
                .model("gpt-image-1.5")
                .requestedModel(requestedModel)
                .engine("openai")
                .pool("remote")
                .size(new ImageSize(1024, 1024))
                .avatar(AvatarSpec.builder(List.of(AvatarStep.values()), 4).build())
                .build();
        return new ParsedRequest(request, "", false, List.of());
    }
}
