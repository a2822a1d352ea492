package k8simagedigests

import data.lib.containers

violation[{"msg": msg}] {
	container := containers.all[_]
	not re_match("@[a-z0-9]+([+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+", container.image)
	msg := sprintf("container <%v> uses an image without a digest <%v>", [container.name, container.image])
}
