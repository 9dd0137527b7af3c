package io.atelier.gateway.lifecycle;

import io.atelier.messaging.Topic;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.stream.config.BindingProperties;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.core.env.Environment;

/** Adds the task topics of each pool to the input binding of the lifecycle, so that pools are configured in one place only. */
final class PoolTopicBindings implements BeanPostProcessor {

    static final String BINDING = "lifecycle-in-0";

    private final Environment environment;

    PoolTopicBindings(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof BindingServiceProperties bindings) {
            addTaskTopics(Objects.requireNonNull(bindings.getBindings().get(BINDING), BINDING));
        }
        return bean;
    }

    private void addTaskTopics(BindingProperties binding) {
        var pools = Binder.get(environment)
                .bind("io.atelier.messaging.pools", Bindable.listOf(String.class))
                .orElse(List.of("default"));
        var taskTopics = Topic.generationsRequested(pools).stream();
        binding.setDestination(
                Stream.concat(taskTopics, Stream.of(binding.getDestination())).collect(Collectors.joining(",")));
    }
}
