package io.atelier.gateway.api;

import io.atelier.gateway.api.avatars.AvatarController;
import io.atelier.gateway.api.avatars.AvatarProperties;
import io.atelier.gateway.api.avatars.AvatarStepController;
import io.atelier.gateway.api.avatars.AvatarSubmissions;
import io.atelier.gateway.api.avatars.Demonstration;
import io.atelier.gateway.api.avatars.PromptController;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.generations.PublishedUrls;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.request.AvatarRequestReader;
import io.atelier.gateway.api.request.AvatarStepReader;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.WebhookPolicy;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.PersonaTextRepository;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.storage.AvatarStorageProperties;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.TextStore;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Avatars, their steps, and their personal texts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AvatarProperties.class, AvatarStorageProperties.class})
class ApiAvatarConfiguration {

    private static final int TEXT_THREADS = 4;
    private static final int MAX_QUEUED_TEXTS = 400;

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
    AvatarSubmissions avatarSubmissions(
            WorkerRegistry workers,
            Catalogue catalogue,
            JobSubmissionService submissions,
            ResponseNegotiator responses) {
        return new AvatarSubmissions(new Demonstration(workers, catalogue), submissions, responses);
    }

    @Bean
    AvatarController avatarController(
            AvatarRequestReader reader, AvatarSubmissions submissions, SubmissionProperties limits, Clock clock) {
        return new AvatarController(bodies(limits), reader, submissions, clock);
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
