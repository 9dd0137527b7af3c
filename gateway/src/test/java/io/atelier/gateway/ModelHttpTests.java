package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class ModelHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private WorkerRegistry workers;

    @Autowired
    private InMemoryEventPublisher publisher;

    @LocalServerPort
    private int port;

    private List<String> known = List.of();

    @Test
    void modelsAreListedInTheFormatOfOpenAi() {
        client.get()
                .uri("/v1/models")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.object")
                .isEqualTo("list")
                .jsonPath("$.data[0].id")
                .isEqualTo("pocket")
                .jsonPath("$.data[0].object")
                .isEqualTo("model")
                .jsonPath("$.data[0].created")
                .isEqualTo(1795219200)
                .jsonPath("$.data[0].owned_by")
                .isEqualTo("atelier")
                .jsonPath("$.data[1].id")
                .isEqualTo("test-card");
    }

    @Test
    void modelShowsItsLimits() {
        client.get()
                .uri("/v1/models/pocket")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                    {"id": "pocket", "standard": true, "engine": "pocket", "state": "ready", "license": "Apache-2.0", "native_size": "256x256",
                     "negative_prompt": true,
                     "limits": {"n": 4, "images": 0, "side": {"min": 64, "max": 1024, "multiple_of": 8}, "steps": {"min": 1, "max": 100},
                                "guidance_scale": {"min": 0, "max": 30}},
                     "defaults": {"n": 1, "size": "512x512", "steps": 25, "guidance_scale": 2.5}}\
                    """);
    }

    @Test
    void modelIdWithASlashIsFoundEncodedOrNot() {
        for (var path : List.of(
                "/v1/models/black-forest-labs/FLUX.1-schnell", "/v1/models/black-forest-labs%2FFLUX.1-schnell")) {
            client.get()
                    .uri(URI.create("http://127.0.0.1:" + port + path))
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.id")
                    .isEqualTo("black-forest-labs/FLUX.1-schnell")
                    .jsonPath("$.state")
                    .isEqualTo("no_worker")
                    .jsonPath("$.limits.guidance_scale")
                    .isEmpty();
        }
    }

    @DisplayName("A model that a worker runs itself is listed and can be requested, with the limits that the worker"
            + " announced")
    @Test
    void modelOfAWorkerCanBeRequested() {
        workers.put(SampleWorkers.withModel("capable", "default", "sdxl-base"), Instant.now());

        client.get()
                .uri("/v1/models/sdxl-base")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                    {"id": "sdxl-base", "engine": "local/sdxl-base", "state": "ready", "license": "openrail++", "owned_by": "local",
                     "negative_prompt": true, "workers": {"live": 1, "slots": 2},
                     "limits": {"n": 2, "images": 0, "side": {"min": 64, "max": 512, "multiple_of": 16}, "max_pixels": 65536},
                     "defaults": {"size": "256x256", "steps": 30, "guidance_scale": 5.0}}\
                    """);
        assertSubmission("256x256", "ddim", 202);
        assertSubmission("512x128", "ddim", 202);
        assertSubmission("512x144", "ddim", 422);
        assertSubmission("528x64", "ddim", 422);
        assertSubmission("256x256", "no-such", 422);
    }

    @DisplayName(
            "A request for a model whose folder no worker can use says why, and so does the answer that there is no"
                    + " such model")
    @Test
    void modelInAnUnusableFolderSaysWhy() {
        var reason = "The folder 'sd15-damaged' has no unet.";
        var state = new EngineState("local/sd15-damaged", EngineState.NOT_CONFIGURED, reason);
        workers.put(SampleWorkers.withState("damaged", "default", state), Instant.now());

        var subjects =
                Map.of("generations", "\"prompt\": \"a castle\"", "avatars", "\"persona\": " + AvatarClient.PERSONA);
        for (var kind : subjects.keySet()) {
            client.post()
                    .uri("/v1/" + kind)
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{%s, \"model\": \"sd15-damaged\"}".formatted(subjects.get(kind)))
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("x-should-retry", "false")
                    .expectBody()
                    .json("""
                        {"code": "not-configured", "engine": "local/sd15-damaged",
                         "detail": "Image generation not configured: the engine 'local/sd15-damaged' of the model 'sd15-damaged' cannot be used. %s"}\
                        """.formatted(reason));
        }
        client.get().uri("/v1/models/sd15-damaged").exchange().expectStatus().isNotFound();
        model("sd15-damaged")
                .jsonPath("$.detail")
                .value(
                        String.class,
                        detail -> assertThat(detail)
                                .startsWith("The model 'sd15-damaged' cannot be used. " + reason + " Known models: "));
    }

    @DisplayName(
            "A model that workers run themselves says whether one has it in memory, or is loading it; other models say"
                    + " nothing")
    @Test
    void modelOfAWorkerSaysHowFarItIsLoaded() {
        var idle = SampleWorkers.withModel("idle", "default", "sdxl-base");
        workers.put(idle, Instant.now());
        model("sdxl-base").json("{\"loading\": {\"state\": \"available\"}}");

        var other = SampleWorkers.withModel("other", "default", "sdxl-base");
        workers.put(SampleWorkers.withLoading(other, new LocalModel.Loading(0.25, 12L)), Instant.now());
        model("sdxl-base").json("{\"loading\": {\"state\": \"loading\", \"progress\": 0.25, \"eta_seconds\": 12}}");

        model("pocket").jsonPath("$.loading").doesNotExist();
    }

    @DisplayName(
            "Unloading asks the workers: 202 if one has the model in memory, 200 if none is known to; a model without"
                    + " workers of its own stays as it is")
    @Test
    void modelOfAWorkerIsUnloaded() {
        int before = publisher.commands().size();
        var worker = SampleWorkers.withModel("holder", "default", "sd15-unloaded");
        workers.put(SampleWorkers.withLoading(worker, new LocalModel.Loading(0.25, null)), Instant.now());

        unload("sd15-unloaded", "").expectStatus().isAccepted().expectBody().json("{\"unloaded\": false}");
        workers.put(worker, Instant.now());
        unload("sd15-unloaded", "{}").expectStatus().isOk().expectBody().json("{\"unloaded\": true}");
        unload("pocket", "").expectStatus().isOk();

        assertThat(publisher.commands().subList(before, publisher.commands().size()))
                .extracting(WorkerCommand::subject)
                .containsExactly("local/sd15-unloaded", "local/sd15-unloaded");
        unload("no-such", "").expectStatus().isNotFound();
        unload("sd15-unloaded", "{\"force\": true}").expectStatus().isEqualTo(422);
    }

    @DisplayName("The workers are asked also if another pool than that of the catalogue has the model in memory")
    @Test
    void modelOfAnotherPoolIsUnloaded() {
        int before = publisher.commands().size();
        workers.put(SampleWorkers.withModel("a-pool", "default", "sd15-pools"), Instant.now());
        var holder = SampleWorkers.withModel("b-pool", "remote", "sd15-pools");
        workers.put(SampleWorkers.withLoading(holder, new LocalModel.Loading(0.5, null)), Instant.now());

        unload("sd15-pools", "").expectStatus().isAccepted();

        assertThat(publisher.commands().subList(before, publisher.commands().size()))
                .extracting(WorkerCommand::subject)
                .containsExactly("local/sd15-pools");
    }

    private WebTestClient.ResponseSpec unload(String id, String body) {
        return client.post()
                .uri("/v1/models/" + id + "/unload")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private WebTestClient.BodyContentSpec model(String id) {
        return client.get().uri("/v1/models/" + id).exchange().expectBody();
    }

    private void assertSubmission(String size, String scheduler, int status) {
        client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("""
                    {"prompt": "a castle", "model": "sdxl-base", "size": "%s", "scheduler": "%s"}\
                    """.formatted(size, scheduler))
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }

    @DisplayName("The capabilities show the state of each engine, and whether one that was set up can generate images")
    @Test
    void capabilitiesShowTheStateOfEachEngine() {
        // The built-in engines of the worker of all tests do not count.
        assertCapabilities(false, "pocket", "ready");

        addWorker(new EngineState("cloudflare-sdxl", EngineState.NOT_CONFIGURED, "SDXL API key not configured"));
        assertCapabilities(false, "cloudflare-sdxl", "not_configured");

        addWorker(new EngineState("cloudflare-flux", EngineState.READY, ""));
        assertCapabilities(true, "cloudflare-flux", "ready");
    }

    @DisplayName(
            "A model folder with a name that is not free is an engine that says why no request gets it, and does not count")
    @ParameterizedTest
    @CsvSource({
        "flux,     The catalogue has the model 'flux'",
        "dall-e-3, The catalogue has the model 'dall-e-3'",
        "auto,     Requests for 'auto' get the standard model"
    })
    void modelFolderWithAReservedNameSaysWhy(String name, String reason) {
        workers.put(SampleWorkers.withModel("by-hand", "default", name), Instant.now());

        capabilities()
                .jsonPath("$.image_generation_enabled")
                .isEqualTo(false)
                .jsonPath("$.providers['local/%s'].state".formatted(name))
                .isEqualTo("not_configured")
                .jsonPath("$.providers['local/%s'].detail".formatted(name))
                .value(
                        String.class,
                        detail -> assertThat(detail)
                                .startsWith(reason)
                                .endsWith("so this folder is not used. Rename it, for example to my-%s."
                                        .formatted(name)));
        model(name)
                .jsonPath("$.engine")
                .value(String.class, engine -> assertThat(engine).doesNotStartWith("local/"));
    }

    @Test
    void modelFolderWithAFreeNameIsReady() {
        workers.put(SampleWorkers.withModel("by-hand", "default", "my-flux"), Instant.now());

        assertCapabilities(true, "local/my-flux", "ready");
    }

    private void addWorker(EngineState engine) {
        workers.put(SampleWorkers.withState("capable", "remote", engine), Instant.now());
    }

    @BeforeEach
    void rememberWorkers() {
        known = ids();
    }

    @AfterEach
    void removeWorkers() {
        var longAgo = Instant.now().minus(Duration.ofDays(8));
        ids().stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> workers.put(SampleWorkers.leaving(id, "default"), longAgo));
    }

    private List<String> ids() {
        return workers.all().stream().map(worker -> worker.announcement().id()).toList();
    }

    private void assertCapabilities(boolean isEnabled, String engine, String state) {
        capabilities()
                .jsonPath("$.image_generation_enabled")
                .isEqualTo(isEnabled)
                .jsonPath("$.providers['%s'].state".formatted(engine))
                .isEqualTo(state);
    }

    private WebTestClient.BodyContentSpec capabilities() {
        return client.get()
                .uri("/v1/capabilities")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
    }

    @Test
    void autoShowsTheStandardModel() {
        client.get()
                .uri("/v1/models/auto")
                .exchange()
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo("pocket");
    }

    @Test
    void unknownModelIsNotFound() {
        client.get()
                .uri("/v1/models/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("model-not-found")
                .jsonPath("$.models[0]")
                .isEqualTo("pocket");
    }
}
