package io.atelier.gateway.api;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.batches.BatchController;
import io.atelier.gateway.api.batches.BatchProperties;
import io.atelier.gateway.api.batches.BatchReader;
import io.atelier.gateway.api.batches.BatchSubmissions;
import io.atelier.gateway.api.commands.CommandController;
import io.atelier.gateway.api.commands.CommandProperties;
import io.atelier.gateway.api.commands.CommandRateLimit;
import io.atelier.gateway.api.commands.CommandRequests;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.CommandReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.SplitRequestReader;
import io.atelier.gateway.api.request.WebhookPolicy;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.atelier.gateway.api.submission.SubmissionController;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.webhooks.WebhookAddresses;
import io.atelier.gateway.webhooks.WebhookProperties;
import io.atelier.messaging.settings.SettingRefused;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** What reads requests that create generations, alone and in batches, and commands of chats. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({BatchProperties.class, CommandProperties.class, WebhookProperties.class})
class ApiBatchConfiguration {

    private final SecureRandom random = new SecureRandom();

    @Bean
    WebhookPolicy webhookPolicy(WebhookProperties properties) {
        return new WebhookPolicy(properties.enabled(), properties.addresses() == WebhookAddresses.ANY);
    }

    @Bean
    GenerationRequestReader generationRequestReader(
            Catalogue catalogue, SubmissionProperties properties, WebhookPolicy webhooks) {
        return new GenerationRequestReader(catalogue, random, properties.retentionTtl(), webhooks);
    }

    @Bean
    SubmissionController submissionController(
            SubmissionProperties limits,
            GenerationRequestReader reader,
            JobSubmissionService submissions,
            ResponseNegotiator negotiator,
            Clock clock) {
        var bodies = new BoundedBodyReader(limits.maxBody(), limits.drain(), limits.bodyTimeout());
        return new SubmissionController(bodies, reader, submissions, negotiator, clock);
    }

    @Bean
    SplitRequestReader splitRequestReader(SubmissionProperties properties, WebhookPolicy webhooks) {
        return new SplitRequestReader(properties.retentionTtl(), webhooks);
    }

    @Bean
    BatchController batchController(
            GenerationRequestReader reader,
            BatchSubmissions submissions,
            BatchReader batchReader,
            GenerationAssembler assembler,
            SubmissionProperties limits,
            Clock clock) {
        var bodies = new BoundedBodyReader(limits.maxBody(), limits.drain(), limits.bodyTimeout());
        return new BatchController(bodies, reader, submissions, batchReader, assembler, clock, random);
    }

    @Bean
    BatchSubmissions batchSubmissions(JobSubmissionService submissions, Backlog backlog, BatchProperties properties) {
        return new BatchSubmissions(submissions, backlog, properties.maxQueued());
    }

    @Bean
    BatchReader batchReader(Jobs jobs, JobLookup lookup, Scheduler listThreads) {
        return new BatchReader(jobs, lookup, listThreads);
    }

    @Bean
    CommandRateLimit commandRateLimit(
            Jobs jobs,
            Scheduler listThreads,
            CommandProperties properties,
            Clock clock,
            ObjectProvider<MeterRegistry> meters) {
        return new CommandRateLimit(
                jobs, listThreads, properties, clock, meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    CommandRequests commandRequests(GenerationRequestReader reader, JsonMapper json, Clock clock) {
        return new CommandRequests(reader, json, clock);
    }

    @Bean
    CommandReader commandReader(CommandProperties properties, Catalogue catalogue) {
        for (var name : properties.models()) {
            if (catalogue.find(name).isEmpty()) {
                throw new SettingRefused("io.atelier.commands.models: " + catalogue.unknownMessage(name));
            }
        }
        return new CommandReader(properties.models());
    }

    @Bean
    @ConditionalOnProperty(name = "io.atelier.commands.enabled", havingValue = "true", matchIfMissing = true)
    CommandController commandController(
            CommandReader reader,
            CommandRequests requests,
            CommandRateLimit rateLimit,
            JobSubmissionService submissions,
            ResponseNegotiator responses,
            SubmissionProperties limits,
            Clock clock) {
        var bodies = new BoundedBodyReader(limits.maxBody(), limits.drain(), limits.bodyTimeout());
        return new CommandController(
                bodies,
                reader,
                requests,
                rateLimit,
                submissions,
                responses,
                () -> JobId.create(clock.instant(), random));
    }
}
