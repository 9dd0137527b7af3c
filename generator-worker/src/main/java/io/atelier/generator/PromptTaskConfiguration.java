package io.atelier.generator;

import io.atelier.contract.job.Worker;
import io.atelier.contract.work.PromptRequested;
import io.atelier.generator.persona.AvatarTextRepository;
import io.atelier.generator.persona.PersonaPromptWriter;
import io.atelier.generator.persona.PersonaPrompter;
import io.atelier.messaging.EventPublisher;
import io.atelier.worker.binding.ProgressOutbox;
import io.atelier.worker.lease.TaskConsumer;
import io.atelier.worker.lease.TaskConsumerFactory;
import io.atelier.worker.lease.TaskQueue;
import io.atelier.worker.store.ObjectStoreStartup;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Leases the prompts of avatars. */
@Configuration(proxyBeanMethods = false)
class PromptTaskConfiguration {

    @Bean
    PersonaPrompter personaPrompter(
            GeneratorProperties properties, PersonaPromptWriter writer, AvatarTextRepository texts) {
        return new PersonaPrompter(properties.workerId(), writer, texts);
    }

    @Bean
    ReportingTaskHandler<PromptRequested> promptHandler(
            PersonaPrompter prompter,
            EventPublisher events,
            ProgressOutbox progress,
            WorkerProperties work,
            ObservationRegistry observations) {
        return new ReportingTaskHandler<>(prompter, events, progress, Clock.systemUTC(), work, observations);
    }

    /** Has slots of its own: a flow may take minutes in which it uses nothing of this machine. */
    @Bean
    TaskConsumer<PromptRequested> prompts(
            TaskConsumerFactory consumers,
            GeneratorProperties properties,
            PersonaPromptWriter writer,
            ReportingTaskHandler<PromptRequested> handler,
            ObjectStoreStartup startup) {
        var worker = new Worker(properties.workerId() + "-prompts", writer.name(), writer.device());
        return consumers.create(TaskQueue.prompts(), properties.promptSlots(), worker, handler);
    }
}
