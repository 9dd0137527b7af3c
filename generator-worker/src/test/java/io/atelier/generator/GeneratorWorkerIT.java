package io.atelier.generator;

import static io.atelier.generator.provider.ProviderStub.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Source;
import io.atelier.contract.work.PromptRequested;
import io.atelier.generator.persona.SamplePersonas;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.messaging.EventPublisher;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import okhttp3.MediaType;
import okhttp3.MultipartReader;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** The worker inside another JVM, with a real broker and a real object store. */
class GeneratorWorkerIT {

    @TempDir
    private static Path folder;

    private static final ProviderStub provider = new ProviderStub();
    private static EmbeddedServers servers;
    private static ConfigurableApplicationContext worker;
    private static TaskReports reports;

    @BeforeAll
    static void start() {
        servers = EmbeddedServers.start(folder);
        var providerSettings = Stream.of("--OPENAI_BASE_URL=" + provider.url("/v1"), "--OPENAI_API_KEY=a-key");
        worker = GeneratorApplication.application()
                .web(WebApplicationType.NONE)
                .run(Stream.concat(Stream.of(servers.settings()), providerSettings)
                        .toArray(String[]::new));
        reports = new TaskReports(servers.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        reports.close();
        worker.close();
        servers.close();
        provider.close();
    }

    @Test
    void reportedImagesOfATaskCanBeReadFromTheStore() throws Exception {
        var task = task(SampleTasks.request("a cat", 2));

        publish(task);

        var received = reports.of(task.job(), 2);
        assertThat(received).hasSize(2);
        assertThat(received.get(0)).isInstanceOf(TaskStarted.class);
        var succeeded = (TaskSucceeded) received.get(1);
        assertThat(succeeded.images()).hasSize(2);
        for (var image : succeeded.images()) {
            var bytes = read(new ObjectKey(image.key()));
            assertThat(sha256(bytes)).isEqualTo(image.sha256());
            var decoded = ImageIO.read(new ByteArrayInputStream(bytes));
            assertThat(decoded.getWidth()).isEqualTo(96);
            assertThat(decoded.getHeight()).isEqualTo(64);
        }
    }

    @Test
    void subscriptionsAndSuppliersOfTheWorkerAreRunningBindings() {
        var bindings = worker.getBean(BindingsLifecycleController.class);

        assertThat(bindings.queryStates())
                .extracting(binding -> binding.get("bindingName"))
                .containsExactlyInAnyOrder("cancellations-in-0", "heartbeats-out-0", "progress-out-0", "workers-in-0");
        assertThat(Stream.of("cancellations-in-0", "heartbeats-out-0", "progress-out-0", "workers-in-0")
                        .flatMap(name -> bindings.queryState(name).stream()))
                .hasSize(4)
                .allMatch(Binding::isRunning);
    }

    @Test
    void aRequestThatTheEngineRejectsIsReportedAsFailed() throws Exception {
        var task = task(SampleTasks.request("fail:rejected", 1));

        publish(task);

        var received = reports.of(task.job(), 2);
        assertThat(received).hasSize(2);
        assertThat(((TaskFailed) received.get(1)).failure().code()).isEqualTo(Code.REQUEST_REJECTED);
    }

    @Test
    @DisplayName("A grid is an edit of the stored base image, sent as image[], and the grid itself is stored")
    void anImageOfOneJobIsEditedByAnother() throws Exception {
        var base = task(SampleTasks.request("a portrait", 1));
        publish(base);
        var stored = succeeded(base).images().get(0);
        provider.then(json(
                200,
                "{\"data\":[{\"b64_json\":\"%s\"}]}"
                        .formatted(Base64.getEncoder().encodeToString(SampleImages.png(96, 64)))));

        var edit = task(SampleTasks.edit("four views", Source.of(base.job(), 0).storedAs(stored)));
        publish(edit);

        var grid = succeeded(edit).images().get(0);
        assertThat(grid.kind()).isEqualTo(StoredImage.Kind.GRID);
        assertThat(ImageIO.read(new ByteArrayInputStream(read(new ObjectKey(grid.key()))))
                        .getWidth())
                .isEqualTo(96);
        assertThat(provider.calls()).singleElement().satisfies(call -> {
            assertThat(call.method()).isEqualTo("POST");
            assertThat(call.path()).isEqualTo("/v1/images/edits");
            assertThat(call.header("Authorization")).isEqualTo("Bearer a-key");
            assertThat(sha256(part(call, "image[]"))).isEqualTo(stored.sha256());
            assertThat(new String(part(call, "prompt"), StandardCharsets.UTF_8)).isEqualTo("four views");
        });
    }

    @Test
    @DisplayName(
            "The worker writes the prompt of an avatar and makes its base image and its grid, of texts in the store alone")
    void partsOfAnAvatarAreMadeOfTextsInTheStore() throws Exception {
        var now = Instant.now();
        var job = JobId.create(now, new SecureRandom());
        var persona = SamplePersonas.store(worker.getBean(ObjectStore.class), job, SamplePersonas.ADA);
        var spec = new AvatarSpec(
                List.of(AvatarStep.values()), 4, false, false, "42", null, persona, null, null, null, null, false);
        var request = SampleTasks.request("", 1).toBuilder().avatar(spec).build();

        try (var tasks = new TaskFixtures(servers.bootstrapServers())) {
            tasks.publish(new PromptRequested(job, "prompt-0", 1, 3, now, null, 0, persona, List.of(), false));
            tasks.publish(new GenerationRequested(job, "base", 1, 3, now, null, request, AvatarStep.BASE));
            var prompt = Objects.requireNonNull(succeeded(job, "prompt-0", 2).prompt());
            var base = succeeded(job, "base", 2).images().get(0);
            tasks.publish(new GenerationRequested(
                    job,
                    "grid-0",
                    1,
                    3,
                    now,
                    null,
                    request.withAvatar(spec.withPrompt(prompt.text())).toBuilder()
                            .grid(new GridSpec(2, 2, true, 0, 35, 64))
                            .images(List.of(Source.of(job, 0).storedAs(base)))
                            .build(),
                    AvatarStep.GRID));

            var grid = succeeded(job, "grid-0", 3).images().get(0);
            assertThat(prompt.by()).isEqualTo("template");
            assertThat(new String(read(new ObjectKey(prompt.text().key())), StandardCharsets.UTF_8))
                    .contains("2 rows and 2 columns", SamplePersonas.BIO);
            assertThat(base.key()).endsWith("/base-1/0.png");
            assertThat(grid.kind()).isEqualTo(StoredImage.Kind.GRID);
            // Four times the same image: the gutters between them are white.
            var image = ImageIO.read(new ByteArrayInputStream(read(new ObjectKey(grid.key()))));
            assertThat(image.getRGB(48, 16) & 0xFFFFFF).isEqualTo(0xFFFFFF);
        }
    }

    /** @param tasks the number of tasks of the job that have ended by then; each reports its start and its end */
    private static TaskSucceeded succeeded(JobId job, String task, int tasks) {
        return reports.of(job, 2 * tasks).stream()
                .filter(TaskSucceeded.class::isInstance)
                .map(TaskSucceeded.class::cast)
                .filter(report -> report.task().equals(task))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAddressInAPrivateNetworkIsNotFetchedUnlessAnOperatorAllowsIt() throws Exception {
        var edit = task(
                SampleTasks.edit("four views", Source.at("https://127.0.0.1:%d/a.png".formatted(provider.port()))));

        publish(edit);

        var failure = ((TaskFailed) reports.of(edit.job(), 2).get(1)).failure();
        assertThat(failure.code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure.message()).contains("127.0.0.1", "private network");
        assertThat(provider.calls()).noneMatch(call -> call.path().contains("a.png"));
    }

    @Test
    void eachOfManyTasksIsProcessedOnce() throws Exception {
        var tasks = Stream.generate(() -> task(SampleTasks.request("one of many", 1)))
                .limit(40)
                .toList();

        for (var task : tasks) {
            publish(task);
        }

        for (var task : tasks) {
            assertThat(reports.of(task.job(), 2)).hasSize(2).last().isInstanceOf(TaskSucceeded.class);
        }
    }

    @Test
    void theContextOfTheWorkerContainsNoBeansOfTheGateway() {
        var gatewayClasses = Pattern.compile(".*(springdoc|kafka\\.streams|KafkaStreams).*");

        assertThat(worker.getBeanDefinitionNames()).noneMatch(gatewayClasses.asMatchPredicate());
        var beans = worker.getBeanFactory();
        assertThat(beans.getSingletonNames())
                .extracting(name -> className(beans.getSingleton(name)))
                .hasSizeGreaterThan(100)
                .noneMatch(gatewayClasses.asMatchPredicate());
        assertThat(worker).isNotInstanceOf(WebServerApplicationContext.class);
        // The test is meaningful only if the libraries of the gateway are on the class path.
        assertThat(ClassUtils.isPresent("org.springframework.cloud.stream.binding.BindingService", null))
                .isTrue();
    }

    private static String className(@Nullable Object bean) {
        return bean == null ? "" : bean.getClass().getName();
    }

    private static TaskSucceeded succeeded(GenerationRequested task) {
        var received = reports.of(task.job(), 2);
        assertThat(received).hasSize(2).last().isInstanceOf(TaskSucceeded.class);
        return (TaskSucceeded) received.get(1);
    }

    /** The content of a part of a multipart form. */
    private static byte[] part(ProviderStub.Call call, String name) throws IOException {
        var boundary = MediaType.get(call.header("Content-Type")).parameter("boundary");
        try (var reader = new MultipartReader(new Buffer().write(call.body()), String.valueOf(boundary))) {
            for (var part = reader.nextPart(); part != null; part = reader.nextPart()) {
                if (String.valueOf(part.headers().get("Content-Disposition")).contains("name=\"" + name + "\"")) {
                    return part.body().readByteArray();
                }
            }
        }
        throw new AssertionError("The form has no part '" + name + "'");
    }

    private static String sha256(byte[] bytes) {
        return Sha256.of(bytes).hex();
    }

    private static void publish(GenerationRequested task) throws Exception {
        worker.getBean(EventPublisher.class).publish(task).get(30, TimeUnit.SECONDS);
    }

    private static byte[] read(ObjectKey key) throws Exception {
        try (var content = worker.getBean(ObjectStore.class).open(key, null).get(30, TimeUnit.SECONDS)) {
            return content.stream().readAllBytes();
        }
    }

    private static GenerationRequested task(GenerationRequest request) {
        var now = Instant.now();
        return new GenerationRequested(JobId.create(now, new SecureRandom()), "generate", 1, 3, now, null, request);
    }
}
