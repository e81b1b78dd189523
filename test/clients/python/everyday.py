"""The official Python client against one server: list, watch, patch, dynamic. Ends with a line for each thing that held."""
import sys
import threading

from kubernetes import client, config, dynamic, watch
from kubernetes.client.exceptions import ApiException

NAMESPACE = "default"
GROUP, VERSION, PLURAL = "py.io", "v1", "snakes"


def config_map(name, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels={"by": "python"}), data=data)


def lists(core):
    for i in range(5):
        core.create_namespaced_config_map(NAMESPACE, config_map(f"py-{i}", i=str(i)))
    seen, token = [], None
    while True:
        page = core.list_namespaced_config_map(NAMESPACE, label_selector="by=python", limit=2, _continue=token)
        seen += [item.metadata.name for item in page.items]
        token = page.metadata._continue
        if not token:
            break
    assert seen == [f"py-{i}" for i in range(5)], seen
    assert core.list_namespaced_config_map(NAMESPACE, field_selector="metadata.name=py-3").items[0].data == {"i": "3"}
    try:
        core.read_namespaced_config_map("nobody", NAMESPACE)
        raise AssertionError("nobody is there")
    except ApiException as error:
        assert error.status == 404 and '"reason":"NotFound"' in error.body, error.body
    return page.metadata.resource_version


def watches(core, since):
    def change():
        core.patch_namespaced_config_map("py-1", NAMESPACE, {"data": {"i": "one"}})
        core.delete_namespaced_config_map("py-2", NAMESPACE)

    events = []
    stream = watch.Watch()
    threading.Thread(target=change).start()
    for event in stream.stream(
        core.list_namespaced_config_map,
        NAMESPACE,
        label_selector="by=python",
        resource_version=since,
        timeout_seconds=20,
    ):
        events.append((event["type"], event["object"].metadata.name))
        if len(events) == 2:
            stream.stop()
    assert events == [("MODIFIED", "py-1"), ("DELETED", "py-2")], events


def patches(core):
    core.patch_namespaced_config_map("py-0", NAMESPACE, {"metadata": {"labels": {"strategic": "yes"}}})
    patched = core.patch_namespaced_config_map(
        "py-0", NAMESPACE, [{"op": "replace", "path": "/data/i", "value": "zero"}]
    )
    assert patched.data == {"i": "zero"} and patched.metadata.labels["strategic"] == "yes", patched
    patched.metadata.resource_version = "1"
    try:
        core.replace_namespaced_config_map("py-0", NAMESPACE, patched)
        raise AssertionError("an old version was taken")
    except ApiException as error:
        assert error.status == 409, error


def crd():
    names = {"plural": PLURAL, "singular": "snake", "kind": "Snake", "listKind": "SnakeList"}
    spec = {"type": "object", "properties": {"length": {"type": "integer"}}}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    version = {"name": VERSION, "served": True, "storage": True, "schema": schema}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{PLURAL}.{GROUP}"},
        "spec": {"group": GROUP, "names": names, "scope": "Namespaced", "versions": [version]},
    }


def until_established(api):
    definitions = client.ApiextensionsV1Api(api)
    for event in watch.Watch().stream(definitions.list_custom_resource_definition, timeout_seconds=20):
        conditions = (event["object"].status and event["object"].status.conditions) or []
        if event["object"].metadata.name == f"{PLURAL}.{GROUP}" and any(c.type == "Established" for c in conditions):
            return
    raise AssertionError("the CRD was never established")


def dynamically(api):
    found = dynamic.DynamicClient(api)
    definitions = found.resources.get(api_version="apiextensions.k8s.io/v1", kind="CustomResourceDefinition")
    definitions.create(body=crd())
    until_established(api)
    found.resources.invalidate_cache()
    snakes = found.resources.get(api_version=f"{GROUP}/{VERSION}", kind="Snake")
    body = {"apiVersion": f"{GROUP}/{VERSION}", "kind": "Snake", "metadata": {"name": "kaa"}, "spec": {"length": 9}}
    snakes.create(body=body, namespace=NAMESPACE)
    applied = snakes.server_side_apply(
        body={**body, "spec": {"length": 10}}, namespace=NAMESPACE, field_manager="python", force_conflicts=True
    )
    assert applied.spec.length == 10, applied
    merged = snakes.patch(
        body={"spec": {"length": 11}}, name="kaa", namespace=NAMESPACE, content_type="application/merge-patch+json"
    )
    assert merged.spec.length == 11, merged
    assert [item.metadata.name for item in snakes.get(namespace=NAMESPACE).items] == ["kaa"]
    events = [event["type"] for event in snakes.watch(namespace=NAMESPACE, timeout=1)]
    assert events == ["ADDED"], events
    snakes.delete(name="kaa", namespace=NAMESPACE)
    definitions.delete(name=f"{PLURAL}.{GROUP}")


def main():
    api = config.new_client_from_config(sys.argv[1])
    core = client.CoreV1Api(api)
    since = lists(core)
    print("list: ok")
    watches(core, since)
    print("watch: ok")
    patches(core)
    print("patch: ok")
    dynamically(api)
    print("dynamic: ok")
    core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="by=python")
    assert core.list_namespaced_config_map(NAMESPACE, label_selector="by=python").items == []
    print("deletecollection: ok")


main()
