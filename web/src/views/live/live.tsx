import { useText } from '../../text/text'
import { LiveCharts } from './charts'
import { Stream } from './stream'
import { LiveTiles } from './tiles'
import { VerdictLine } from './verdict'

export function LiveView() {
  const { t } = useText()
  return (
    <div className="view live-view">
      <h1 className="unseen">{t('view.live')}</h1>
      <VerdictLine />
      <LiveTiles />
      <LiveCharts />
      <Stream />
    </div>
  )
}
