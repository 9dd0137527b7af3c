package io.atelier.gateway.api;

import io.atelier.gateway.api.avatars.AvatarBatchController;
import io.atelier.gateway.api.avatars.AvatarBatchSubmissions;
import io.atelier.gateway.api.avatars.AvatarController;
import io.atelier.gateway.api.avatars.AvatarProperties;
import io.atelier.gateway.api.avatars.AvatarStepController;
import io.atelier.gateway.api.avatars.AvatarSubmissions;
import io.atelier.gateway.api.avatars.BatchReleases;
import io.atelier.gateway.api.avatars.Demonstration;
import io.atelier.gateway.api.avatars.PromptController;
import io.atelier.gateway.api.avatars.export.AvatarBatchArchive;
import io.atelier.gateway.api.avatars.export.AvatarBatchExportController;
import io.atelier.gateway.api.batches.BatchReader;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.generations.PublishedUrls;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.AvatarRequestReader;
import io.atelier.gateway.api.request.AvatarStepReader;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.WebhookPolicy;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.PersonaTextRepository;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.storage.AvatarStorageProperties;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.TextStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Avatars, their steps, and their personal texts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AvatarProperties.class, AvatarStorageProperties.class})
class ApiAvatarConfiguration {

    private static final int TEXT_THREADS = 4;
    private static final int MAX_QUEUED_TEXTS = 400;

    /** Of a batch: 300 personas whose bios are as long as they may be have about 13 MB. */
    private static final DataSize MAX_BATCH_BODY = DataSize.ofMegabytes(16);

    private static final Duration RELEASE_INTERVAL = Duration.ofSeconds(5);

    private final SecureRandom random = new SecureRandom();

    @Bean
    PublishedUrls publishedUrls(AvatarProperties properties) {
        return new PublishedUrls(properties.publicUrl());
    }

    @Bean(destroyMethod = "dispose")
    Scheduler textThreads() {
        return Schedulers.newBoundedElastic(TEXT_THREADS, MAX_QUEUED_TEXTS, "texts");
    }

    @Bean
    TextStore textStore(ObjectStore store, Scheduler textThreads) {
        return new TextStore(store, textThreads::schedule);
    }

    @Bean
    PersonaTextRepository personaTextRepository(TextStore texts) {
        return new PersonaTextRepository(texts);
    }

    @Bean
    AvatarRequestReader avatarRequestReader(Catalogue catalogue, AvatarProperties properties, WebhookPolicy webhooks) {
        return new AvatarRequestReader(catalogue, properties.model(), random, properties.retentionTtl(), webhooks);
    }

    @Bean
    AvatarStepReader avatarStepReader(AvatarRequestReader avatars, AvatarStorageProperties storage) {
        return new AvatarStepReader(avatars, storage.keys());
    }

    @Bean
    Demonstration demonstration(WorkerRegistry workers, Catalogue catalogue) {
        return new Demonstration(workers, catalogue);
    }

    @Bean
    AvatarSubmissions avatarSubmissions(
            Demonstration demonstration, JobSubmissionService submissions, ResponseNegotiator responses) {
        return new AvatarSubmissions(demonstration, submissions, responses);
    }

    @Bean
    AvatarController avatarController(
            AvatarRequestReader reader, AvatarSubmissions submissions, SubmissionProperties limits, Clock clock) {
        return new AvatarController(bodies(limits), reader, submissions, clock);
    }

    @Bean
    AvatarBatchController avatarBatchController(
            AvatarRequestReader reader,
            Demonstration demonstration,
            JobSubmissionService submissions,
            BatchReader batchReader,
            AvatarProperties properties,
            SubmissionProperties limits,
            Clock clock) {
        var bodies = new BoundedBodyReader(MAX_BATCH_BODY, MAX_BATCH_BODY, limits.bodyTimeout());
        var creation = new AvatarBatchSubmissions(demonstration, submissions);
        return new AvatarBatchController(
                bodies, reader, creation, batchReader, properties.batchConcurrency(), clock, random);
    }

    @Bean
    AvatarBatchExportController avatarBatchExportController(
            BatchReader batchReader,
            ObjectDownloads downloads,
            PersonaTextRepository personas,
            TextStore texts,
            GenerationAssembler assembler,
            PublishedUrls published,
            JsonMapper json,
            Clock clock) {
        var archive = new AvatarBatchArchive(downloads, personas, texts, assembler, json);
        return new AvatarBatchExportController(batchReader, archive, assembler, published, json, clock);
    }

    /** Asks for the view later, because the view needs its watchers first. */
    @Bean(destroyMethod = "dispose")
    BatchReleases batchReleases(ObjectProvider<Jobs> jobs, NonBlockingPublisher publisher, Clock clock) {
        return new BatchReleases(
                jobs::getObject, publisher::publish, clock, Schedulers.newSingle("releases"), RELEASE_INTERVAL);
    }

    @Bean
    AvatarStepController avatarStepController(
            AvatarStepReader reader,
            AvatarSubmissions submissions,
            UploadReader uploads,
            FileUploads files,
            DiskSpace disk,
            SubmissionProperties limits,
            Clock clock) {
        return new AvatarStepController(bodies(limits), reader, submissions, uploads, files, disk, clock);
    }

    @Bean
    PromptController promptController(JobLookup lookup, TextStore texts, Clock clock) {
        return new PromptController(lookup, texts, clock);
    }

    private static BoundedBodyReader bodies(SubmissionProperties limits) {
        return new BoundedBodyReader(limits.maxBody(), limits.drain(), limits.bodyTimeout());
    }
}
