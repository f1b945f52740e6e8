{{- define "orderwire.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "orderwire.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "orderwire.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "orderwire.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "orderwire.selectorLabels" -}}
app.kubernetes.io/name: {{ include "orderwire.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "orderwire.labels" -}}
{{ include "orderwire.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "orderwire.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "orderwire.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "orderwire.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "orderwire.secretName" -}}
{{- default (include "orderwire.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{/* What the chart's own Secret holds; keys that were generated before are kept. */}}
{{- define "orderwire.secretData" -}}
{{- $kept := (lookup "v1" "Secret" .Release.Namespace (include "orderwire.fullname" .)).data | default dict -}}
JWT_SECRET: {{ .Values.secrets.jwtSecret | empty | ternary (default (randAlphaNum 48 | b64enc) (get $kept "JWT_SECRET")) (.Values.secrets.jwtSecret | b64enc) }}
ENCRYPTION_KEY: {{ .Values.secrets.encryptionKey | empty | ternary (default (randAlphaNum 48 | b64enc) (get $kept "ENCRYPTION_KEY")) (.Values.secrets.encryptionKey | b64enc) }}
NATS_URL: {{ .Values.nats.url | b64enc }}
MONGODB_URL: {{ .Values.mongodb.url | b64enc }}
{{- end -}}

{{/* Where each role listens: the program's own defaults. */}}
{{- define "orderwire.port" -}}
{{- get (dict "ingress" "4001" "processors" "4002" "graph" "4000" "all" "4000") . -}}
{{- end -}}

{{/* The enabled roles as a JSON list, checked: `all` runs alone, and without it all three run. */}}
{{- define "orderwire.roles" -}}
{{- $enabled := list -}}
{{- range $role, $settings := .Values.roles -}}
{{- if $settings.enabled }}{{ $enabled = append $enabled $role }}{{ end -}}
{{- end -}}
{{- if and (has "all" $enabled) (gt (len $enabled) 1) -}}
{{- fail "roles.all does the work of ingress, processors and graph: set their enabled to false, or roles.all.enabled." -}}
{{- end -}}
{{- if not $enabled -}}
{{- fail "No role is enabled: enable roles.ingress, roles.processors and roles.graph, or roles.all alone." -}}
{{- end -}}
{{- toJson $enabled -}}
{{- end -}}

{{/* The roles' Service that requests of a kind go to: `ingress` or `graph`, or `all` in their place. */}}
{{- define "orderwire.serving" -}}
{{- if .root.Values.roles.all.enabled }}all{{ else }}{{ .role }}{{ end -}}
{{- end -}}

{{- define "orderwire.environment" -}}
{{- range $name, $value := .Values.config }}
{{- if ne (toString $value) "" }}
- name: {{ $name }}
  value: {{ (kindIs "float64" $value) | ternary (printf "%d" (int $value)) (toString $value) | quote }}
{{- end }}
{{- end }}
{{- $own := list }}
{{- range .Values.extraEnv }}{{ $own = append $own .name }}{{ end }}
{{- range list "JWT_SECRET" "ENCRYPTION_KEY" "NATS_URL" "MONGODB_URL" }}
{{- if has . $own }}{{ continue }}{{ end }}
- name: {{ . }}
  valueFrom:
    secretKeyRef: { name: {{ include "orderwire.secretName" $ }}, key: {{ . }} }
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Both halves of the restricted Pod Security profile, and more: nothing is writable. */}}
{{- define "orderwire.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "orderwire.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
capabilities: { drop: [ALL] }
{{- end -}}

{{/* preStop, the delay, ten seconds of draining (the program ends itself then), and five to spare. */}}
{{- define "orderwire.gracePeriodSeconds" -}}
{{- add .Values.pods.preStopSeconds (ceil (divf .Values.config.SHUTDOWN_DELAY_MS 1000)) 15 -}}
{{- end -}}
