// What a fake server shows to those who look inside: its console, and its screen.

/** Of the certificate that a server on EC2 shows to Remote Desktop. */
export const THUMBPRINT = '0F9C4A3E8B7D65514C2A1B0FEED0C0FFEE012345';

export const CONSOLE = `2026/11/22 14:11:02Z: Windows sysprep configuration complete.
2026/11/22 14:11:20Z: RDPCERTIFICATE-SUBJECTNAME: EC2AMAZ-4F8Q1LK
2026/11/22 14:11:21Z: RDPCERTIFICATE-THUMBPRINT: ${THUMBPRINT}
2026/11/22 14:11:44Z: Windows is Ready to use
slipway: the agent could not be downloaded
slipway: The remote name could not be resolved: 'slipway-agents.s3.eu-central-1.amazonaws.com'
slipway: nothing was installed; look whether this network reaches the internet
`;

/** A Windows that waits for somebody to log in, as JPEG. */
export async function pictureOfAScreen(): Promise<ArrayBuffer> {
  const canvas = new OffscreenCanvas(1024, 768);
  const drawing = canvas.getContext('2d');
  if (drawing !== null) {
    drawing.fillStyle = '#10467d';
    drawing.fillRect(0, 0, 1024, 768);
    drawing.fillStyle = '#ffffff';
    drawing.textAlign = 'center';
    drawing.font = '96px sans-serif';
    drawing.fillText('14:21', 512, 380);
    drawing.font = '26px sans-serif';
    drawing.fillText('Press Ctrl+Alt+Delete to unlock.', 512, 470);
  }
  const picture = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
  return picture.arrayBuffer();
}
