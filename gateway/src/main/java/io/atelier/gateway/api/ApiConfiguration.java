package io.atelier.gateway.api;

import io.atelier.gateway.api.cache.ResponseCache;
import io.atelier.gateway.api.cache.StateRenderer;
import io.atelier.gateway.api.derivatives.DerivativeProperties;
import io.atelier.gateway.api.derivatives.Derivatives;
import io.atelier.gateway.api.events.EventProperties;
import io.atelier.gateway.api.events.FirehoseController;
import io.atelier.gateway.api.events.JobEventController;
import io.atelier.gateway.api.events.JobEventStreams;
import io.atelier.gateway.api.files.FileController;
import io.atelier.gateway.api.files.FileLookup;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.generations.CancellationController;
import io.atelier.gateway.api.generations.CancellationProperties;
import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.GenerationController;
import io.atelier.gateway.api.generations.GenerationListController;
import io.atelier.gateway.api.generations.GenerationProperties;
import io.atelier.gateway.api.generations.GenerationRenderer;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.generations.PublishedUrls;
import io.atelier.gateway.api.images.ConsumedImages;
import io.atelier.gateway.api.images.ImageController;
import io.atelier.gateway.api.images.ImageProperties;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.models.ModelUnloadController;
import io.atelier.gateway.api.models.ModelUnloadMethods;
import io.atelier.gateway.api.operations.BrokerProbe;
import io.atelier.gateway.api.operations.DeadLetterController;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.operations.GatewayChecks;
import io.atelier.gateway.api.operations.GatewayHealth;
import io.atelier.gateway.api.operations.ModelController;
import io.atelier.gateway.api.operations.ProbeController;
import io.atelier.gateway.api.operations.QueueController;
import io.atelier.gateway.api.operations.StoreProbe;
import io.atelier.gateway.api.operations.SystemNotices;
import io.atelier.gateway.api.operations.WorkerController;
import io.atelier.gateway.api.previews.JobPreviews;
import io.atelier.gateway.api.problem.MalformedRequestHandler;
import io.atelier.gateway.api.problem.MalformedRestFilter;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.problem.ProblemProperties;
import io.atelier.gateway.api.problem.RequestIdFilter;
import io.atelier.gateway.api.problem.UnreadableRequestProblems;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.RetiredRequest;
import io.atelier.gateway.api.submission.AdmissionControl;
import io.atelier.gateway.api.submission.AdmissionProperties;
import io.atelier.gateway.api.submission.DisconnectWatcher;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.PersonaTextRepository;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.atelier.gateway.api.submission.RetryController;
import io.atelier.gateway.api.submission.SourceResolver;
import io.atelier.gateway.api.submission.SplitController;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.api.webhooks.WebhookDeliveryController;
import io.atelier.gateway.files.FileProperties;
import io.atelier.gateway.files.FileRepository;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.EventPublisher;
import io.atelier.storage.ObjectStore;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP API: the controllers and their services. It needs no Kafka and no S3 if a test provides the ports; {@link ApiKafkaConfiguration} has
 * the adapters that need brokers.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    AdmissionProperties.class,
    CancellationProperties.class,
    DerivativeProperties.class,
    EventProperties.class,
    FileProperties.class,
    GenerationProperties.class,
    ImageProperties.class,
    ProblemProperties.class,
    SubmissionProperties.class
})
@Import({
    ApiAvatarConfiguration.class,
    ApiBatchConfiguration.class,
    ApiDocsConfiguration.class,
    ApiExchangeConfiguration.class,
    DeadLetterController.class,
    Derivatives.class,
    DisconnectWatcher.class,
    FileController.class,
    FileLookup.class,
    FileRepository.class,
    FileUploads.class,
    FirehoseController.class,
    GenerationController.class,
    ImageController.class,
    JobEventController.class,
    JobLookup.class,
    JobPreviews.class,
    MalformedRestFilter.class,
    ModelController.class,
    ModelUnloadController.class,
    ModelUnloadMethods.class,
    ProbeController.class,
    QueueController.class,
    RequestIdFilter.class,
    SplitController.class,
    UploadReader.class,
    WebhookDeliveryController.class,
    WorkerController.class
})
public class ApiConfiguration {

    private static final DataSize MAX_SMALL_BODY = DataSize.ofKilobytes(16);
    private static final int LIST_THREADS = 4;
    private static final int MAX_QUEUED_LISTS = 400;

    private final SecureRandom random = new SecureRandom();

    @Bean
    ProblemAdvice problemAdvice(ProblemProperties properties, JsonMapper json, RequestIdFilter requestIds) {
        return new ProblemAdvice(properties, json, requestIds);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> malformedRequestHandler(
            ProblemAdvice advice, RequestIdFilter requestIds) {
        return server -> server.addRouteProviders(new MalformedRequestHandler(advice, requestIds));
    }

    @Bean
    UnreadableRequestProblems unreadableRequestProblems(ProblemAdvice advice, RequestIdFilter requestIds) {
        return new UnreadableRequestProblems(advice, requestIds);
    }

    @Bean(destroyMethod = "dispose")
    NonBlockingPublisher nonBlockingPublisher(EventPublisher publisher) {
        return new NonBlockingPublisher(publisher);
    }

    @Bean
    AdmissionControl admissionControl(
            WorkerRegistry workers, Catalogue catalogue, AdmissionProperties properties, Clock clock) {
        return new AdmissionControl(workers, catalogue, properties, clock);
    }

    @Bean
    SourceResolver sourceResolver(JobLookup lookup, FileLookup files, FileUploads uploads, Derivatives images) {
        return new SourceResolver(lookup, files, uploads, images);
    }

    @Bean
    JobSubmissionService jobSubmissionService(
            AdmissionControl admission,
            DiskSpace disk,
            SourceResolver sources,
            PersonaTextRepository texts,
            NonBlockingPublisher publisher,
            Jobs jobs,
            SubmissionProperties properties,
            Clock clock) {
        return new JobSubmissionService(
                disk.before(admission::check), sources::resolve, texts, publisher, jobs, properties, clock, random);
    }

    @Bean
    ResponseNegotiator responseNegotiator(
            JobLookup lookup,
            ImageResponder images,
            JobEventStreams events,
            DisconnectWatcher disconnects,
            GenerationAssembler assembler) {
        return new ResponseNegotiator(lookup, images, events, disconnects, assembler);
    }

    @Bean
    RetryController retryController(
            Catalogue catalogue,
            JobLookup lookup,
            JobSubmissionService submissions,
            PersonaTextRepository texts,
            ResponseNegotiator responses,
            SubmissionProperties properties) {
        return new RetryController(
                smallBodies(properties), new RetiredRequest(catalogue), lookup, submissions, texts, responses);
    }

    /** For requests that have few fields or none. */
    private static BoundedBodyReader smallBodies(SubmissionProperties properties) {
        return new BoundedBodyReader(MAX_SMALL_BODY, properties.drain(), properties.bodyTimeout());
    }

    @Bean
    GenerationAssembler generationAssembler(
            LatestProgress progress,
            EtaEstimator estimator,
            ModelAvailability availability,
            PublishedUrls published,
            Clock clock) {
        return new GenerationAssembler(progress, estimator, availability, published, clock);
    }

    @Bean
    StateRenderer stateRenderer(Jobs jobs, GenerationAssembler assembler, JsonMapper json) {
        return new GenerationRenderer(jobs, assembler, json);
    }

    @Bean(destroyMethod = "dispose")
    Scheduler listThreads() {
        return Schedulers.newBoundedElastic(LIST_THREADS, MAX_QUEUED_LISTS, "lists");
    }

    @Bean
    GenerationListController generationListController(Jobs jobs, GenerationAssembler assembler, Scheduler listThreads) {
        return new GenerationListController(jobs, assembler, listThreads);
    }

    @Bean
    CancellationService cancellationService(
            NonBlockingPublisher publisher, Jobs jobs, CancellationProperties properties, Clock clock) {
        return new CancellationService(publisher, jobs, properties.answerTimeout(), clock);
    }

    @Bean
    CancellationController cancellationController(
            JobLookup lookup,
            CancellationService cancellations,
            GenerationAssembler assembler,
            SubmissionProperties properties) {
        return new CancellationController(smallBodies(properties), lookup, cancellations, assembler);
    }

    @Bean(destroyMethod = "dispose")
    ObjectDownloads objectDownloads(ObjectStore store, ImageProperties properties) {
        return new ObjectDownloads(store, properties);
    }

    @Bean
    ImageResponder imageResponder(ObjectDownloads downloads, Clock clock) {
        return new ImageResponder(downloads, clock);
    }

    @Bean
    ConsumedImages consumedImages(ImageResponder responder, CancellationService erasures, ResponseCache cache) {
        return new ConsumedImages(responder, erasures, cache);
    }

    @Bean
    JobEventStreams jobEventStreams(
            Jobs jobs,
            LatestProgress progress,
            JobPreviews previews,
            GenerationAssembler assembler,
            EventProperties properties,
            JsonMapper json) {
        return new JobEventStreams(jobs, progress, previews, assembler, properties, json);
    }

    @Bean
    StoreProbe storeProbe(ObjectStore store) {
        return new StoreProbe(store);
    }

    @Bean
    GatewayChecks gatewayChecks(
            Jobs jobs,
            BrokerProbe brokers,
            StoreProbe store,
            SystemNotices notices,
            ApplicationAvailability availability) {
        return new GatewayChecks(jobs, brokers, store, notices, availability);
    }

    @Bean
    GatewayHealth gatewayHealthIndicator(GatewayChecks checks) {
        return new GatewayHealth(checks);
    }
}
